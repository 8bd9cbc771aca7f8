from accounts.models import Organization, WebhookEndpoint
from musenest.common import tenancy


def endpoint(of: Organization, url: str = "https://acme.test/hook") -> WebhookEndpoint:
    """A row of the organisation that another one must not see. There is no service for it yet."""
    with tenancy.staff():
        return WebhookEndpoint.objects.create(
            organization=of, url=url, secret="webhook-not-for-staff", events=["decision.made"]
        )
