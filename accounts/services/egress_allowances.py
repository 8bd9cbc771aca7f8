"""Which private addresses may be called (ARCHITECTURE.md, decision 6); audited, so not the kernel's."""

from django.db import IntegrityError, transaction

from accounts.services import audit
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.egress.addresses import one_spelling
from musenest.common.egress.models import EgressAllowance
from musenest.common.errors import ConflictError


def allow(*, host: str, port: int, reason: str, by: Actor) -> EgressAllowance:
    """Let this private host and port be called, and record it. ConflictError when it is allowed already."""
    allowance = EgressAllowance(host=one_spelling(host), port=port, reason=reason)
    with tenancy.staff(), transaction.atomic():
        try:
            with transaction.atomic():
                allowance.save(force_insert=True)
        except IntegrityError as error:
            raise ConflictError(
                "%(address)s is allowed already.", code="EGRESS_ALLOWED", figures={"address": allowance}
            ) from error
        audit.record("egress.allowed", by=by, target=allowance, organization=None, changes={"reason": reason})
    return allowance


def withdraw(*, allowance: EgressAllowance, by: Actor) -> None:
    """Take the allowance back, and record it: the next call to it is refused."""
    with tenancy.staff(), transaction.atomic():
        audit.record("egress.withdrawn", by=by, target=allowance, organization=None)
        EgressAllowance.objects.filter(pk=allowance.pk).delete()
