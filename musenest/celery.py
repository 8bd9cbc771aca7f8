"""The Celery application. It carries one task, the doorbell (`musenest.common.work`); truth lives in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musenest.settings")

app = Celery("musenest")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["musenest.common.work"])
