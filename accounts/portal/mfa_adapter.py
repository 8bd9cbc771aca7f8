"""How allauth keeps second factors: encrypted, named after MuseNest, and never the last one of staff gone."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext

from accounts.models import Person
from accounts.services import second_factors
from musenest.common import encryption


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    def encrypt(self, text: str) -> str:
        return encryption.current_keyring().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.current_keyring().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep one as long as they must have one."""
        person: Person = authenticator.user
        return not second_factors.must_have_one(person) or second_factors.has_another(person, authenticator)

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002 -- allauth's
        """What a new passkey is called until its owner says otherwise."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def _get_site_name(self) -> str:
        return "MuseNest"
