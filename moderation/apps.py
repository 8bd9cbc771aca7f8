from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = "Moderation"

    def ready(self) -> None:
        from billing.selectors import sites as port
        from moderation import work  # noqa: F401 -- registers
        from moderation.domain import sentences as own
        from moderation.selectors import plans, sites
        from musenest.common import sentences

        port.provide(sites)
        sentences.know(*own.ALL, plans.NEEDS_CAPTIONS, plans.SERVER_INACTIVE)
