"""Sign-ins in the admin. What allauth keeps (secrets of second factors, sessions' keys) has no page."""

from allauth.account import admin as account_admin  # noqa: F401 -- registers what is taken away below
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin  # noqa: F401 -- registers what is taken away below
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as social_admin  # noqa: F401 -- registers what is taken away below
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions import admin as sessions_admin  # noqa: F401 -- registers what is taken away below
from allauth.usersessions.models import UserSession
from django.contrib import admin
from unfold.contrib.filters.admin import RangeDateTimeFilter

from accounts.models import SignIn
from musenest.common import browsers
from musenest.common.admin import Endless, RecordAdmin, pill

admin.site.unregister([EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession])


@admin.register(SignIn)
class SignInAdmin(Endless[SignIn], RecordAdmin[SignIn]):
    list_display = ("at", "person", "result", "method", "address", "browser", "is_known")
    list_select_related = ("person",)
    list_filter = ("outcome", "method", ("at", RangeDateTimeFilter))
    search_fields = ("person__email", "=address")
    fields = ("at", "person", "result", "method", "address", "browser", "agent", "is_known")

    @admin.display(description="Result", ordering="outcome")
    def result(self, sign_in: SignIn) -> str:
        return pill(sign_in.outcome)

    @admin.display(description="Browser")
    def browser(self, sign_in: SignIn) -> str:
        return browsers.named(sign_in.agent) or self.get_empty_value_display()

    @admin.display(description="Known browser", boolean=True)
    def is_known(self, sign_in: SignIn) -> bool:
        return sign_in.is_known_device
