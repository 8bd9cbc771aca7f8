from django.conf import settings
from django.db import models

from musenest.common import tenancy
from musenest.common.encryption import EncryptedTextField
from musenest.common.tenancy.isolation import PERSON


class Profile(models.Model):
    """What only a person sees of itself: preferences, and the key of an AI provider of its own.

    Apart from the person, so that no request decrypts a key that it does not use.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="profile"
    )
    preferences = models.JSONField(default=dict, blank=True)
    v0_api_key = EncryptedTextField("AI provider's key", blank=True, default="")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "profiles"
        constraints = [tenancy.Isolation(name="profile_is_isolated", sees=f"person_id = {PERSON}")]

    def __str__(self) -> str:
        return f"profile of {self.person_id}"
