from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Billing"

    def ready(self) -> None:
        from accounts.signals import organization_created
        from billing import work  # noqa: F401 -- registers
        from billing.selectors import access
        from billing.services import entitlements, subscriptions
        from musenest.common import entitlements as port
        from musenest.common import sentences

        port.provide(entitlements)
        sentences.know(access.NOT_IN_TIER, access.NO_ROOM, access.NO_PICTURES)
        organization_created.connect(subscriptions.begin_free, dispatch_uid="billing.begin_free")
