from django.contrib import admin

from accounts.models import Profile
from musenest.common.admin import RecordAdmin


@admin.register(Profile)
class ProfileAdmin(RecordAdmin[Profile]):
    """Whether there is one: preferences and the key in it are the person's own."""

    list_display = ("person", "updated_at")
    list_select_related = ("person",)
    search_fields = ("person__email",)
    ordering = ("person__email",)
    fields = ("person", "updated_at")
