from celery import shared_task

from musenest.common.work import doorbell


@shared_task(name="ring")
def ring(kind: str, pk: str) -> None:
    """Do the work item `pk` of `kind`, or the schedule named `pk`."""
    doorbell.answer(kind, pk)
