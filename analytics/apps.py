from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        from analytics.selectors import rollups
        from musenest.common import verification

        verification.register("rollups", rollups.verified)
