"""MuseNest: the control plane for AI content moderation, with the billing built in."""

from musenest.celery import app as celery_app

__all__ = ["celery_app"]
