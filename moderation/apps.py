from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = "Moderation"

    def ready(self) -> None:
        from billing.selectors import sites as port
        from moderation import work  # noqa: F401 -- registers
        from moderation.selectors import sites

        port.provide(sites)
