"""Setting a new password by the link in an e-mail."""

from typing import Any

from allauth.account.views import PasswordResetFromKeyView
from django.db import transaction
from django.http import HttpResponse

from accounts.services import devices, predecessors


class NewPasswordView(PasswordResetFromKeyView):  # type: ignore[misc]  # allauth carries no types
    def form_valid(self, form: Any) -> HttpResponse:
        """The password is set, whoever used the address before is out, and this browser is known: tries of
        others do not keep its person from signing in.
        """
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            predecessors.end(person=self.reset_user)
        devices.remember(response, self.reset_user.email)
        return response
