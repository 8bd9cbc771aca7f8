from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and organisations"

    def ready(self) -> None:
        from accounts import work  # noqa: F401 -- registers
        from accounts.portal import impersonations, security_events  # noqa: F401 -- they listen
        from accounts.selectors import audit
        from accounts.selectors.callers import as_member, in_organization
        from musenest.common import callers, verification

        callers.provide(in_organization, as_member)
        verification.register("audit", audit.verified)
