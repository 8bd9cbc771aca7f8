"""Revenue as M-120 and M-121 define it, and as it is really paid."""

from decimal import Decimal

import pytest

from analytics.selectors import revenue
from billing.models import Subscription
from billing.services import tiers
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples

pytestmark = pytest.mark.django_db


def by_tier() -> dict[str, tuple[int, str]]:
    with tenancy.staff():
        return {
            tier.tier_name: (tier.subscriber_count, str(tier.tier_revenue))
            for tier in revenue.now().revenue_by_tier
        }


def test_active_subscriptions_are_multiplied_by_the_price_and_empty_tiers_appear() -> None:
    samples.customer(tier="premium")
    samples.customer("Borealis", tier="premium")
    paused = samples.customer("Cirrus", tier="enterprise")
    with tenancy.staff():
        Subscription.objects.filter(organization=paused.organization, tier__tier_name="enterprise").update(
            subscription_status="paused"
        )

    assert by_tier() == {
        "free": (0, "0.00"),
        "basic": (0, "0.00"),
        "premium": (2, "79.90"),
        "enterprise": (0, "0.00"),
        "custom": (0, "0.00"),
    }
    with tenancy.staff():
        assert revenue.now().monthly_revenue == Decimal("79.90")


def test_a_tier_that_is_no_longer_sold_does_not_appear() -> None:
    tiers.save(name="premium", figures={"is_active": False}, by=SYSTEM)

    assert "premium" not in by_tier()


def test_mrr_divides_yearly_payments_and_takes_real_amounts() -> None:
    monthly, yearly = samples.customer(tier="premium"), samples.customer("Borealis", tier="premium")
    assert paid_monthly() == Decimal("0.00")

    pay(monthly, "29.95", "monthly")
    pay(yearly, "399.50", "yearly")

    assert paid_monthly() == Decimal("63.24")  # 29.95 + 399.50 / 12


def pay(customer: samples.Customer, amount: str, cycle: str) -> None:
    with tenancy.staff():
        Subscription.objects.filter(organization=customer.organization, subscription_status="active").update(
            amount_paid=Decimal(amount), billing_cycle=cycle
        )


def paid_monthly() -> Decimal:
    with tenancy.staff():
        return revenue.now().mrr


def test_a_tenant_sees_its_own_payment_only() -> None:
    acme, borealis = samples.customer(tier="premium"), samples.customer("Borealis", tier="premium")
    pay(acme, "29.95", "monthly")

    with borealis.scope():
        assert revenue.now().mrr == Decimal("0.00")
