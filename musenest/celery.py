"""The Celery application. It carries one task, the doorbell (`musenest.common.work`); truth lives in
PostgreSQL.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musenest.settings")

app = Celery("musenest")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["musenest.common.work"])


@worker_init.connect
def check_before_work(**_: Any) -> None:
    from musenest.common.checks import refuse_to_serve

    refuse_to_serve()
