"""Unfold's classes with the types of Django's, which they extend: Unfold itself carries none."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, SimpleListFilter, TabularInline
    from django.forms import Form

    class TextFilter(SimpleListFilter):
        pass

    class DropdownFilter(SimpleListFilter):
        pass

    class BaseDialogForm(Form):
        pass

else:
    from unfold.admin import ModelAdmin as UnfoldModelAdmin
    from unfold.admin import TabularInline as UnfoldTabularInline
    from unfold.contrib.filters.admin import DropdownFilter, TextFilter
    from unfold.forms import BaseDialogForm

    class ModelAdmin(UnfoldModelAdmin):
        def __class_getitem__(cls, model: Any) -> type:
            return cls

    class TabularInline(UnfoldTabularInline):
        def __class_getitem__(cls, models: Any) -> type:
            return cls


__all__ = ["BaseDialogForm", "DropdownFilter", "ModelAdmin", "TabularInline", "TextFilter"]
