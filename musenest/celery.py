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
    """Ends a worker that must not serve. Celery logs other exceptions of receivers, and goes on."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from musenest.common.starting import refuse_to_serve

    try:
        refuse_to_serve()
    except (ImproperlyConfigured, DatabaseError) as error:
        raise SystemExit(str(error)) from error
