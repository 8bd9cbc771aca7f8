from datetime import timedelta

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "musenest.common"
    label = "common"
    verbose_name = "Platform"

    def ready(self) -> None:
        from musenest.common import (
            checks,  # noqa: F401 -- registers
            deployment_checks,  # noqa: F401 -- registers
            idempotency,
            partitions,
            work,
        )

        work.register_schedule("work.sweep", work.sweep, every=timedelta(seconds=2))
        work.register_schedule("idempotency.forget", idempotency.forget, every=timedelta(hours=1))
        work.register_schedule("partitions.prepare", partitions.prepare, every=timedelta(hours=6))
