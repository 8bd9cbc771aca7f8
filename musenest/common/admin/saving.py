"""Forms that are saved by a service. What the service refuses stands at the form, with what was typed."""

from typing import Any, TypeVar

from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from musenest.common.admin.records import StaffAdmin
from musenest.common.errors import MuseNestError

Row = TypeVar("Row", bound=Model)
REFUSAL = "musenest.refusal"


class ServiceForm(ModelForm[Any]):
    """Shows `refusal`, the error of a service, at the fields that it names, else above the form."""

    refusal: MuseNestError | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for path, message in reasons(self.refusal):
            if path in self.fields:
                self.add_error(path, message)
            else:
                self.add_error(None, f"{path}: {message}" if path else message)
        return cleaned


def reasons(refusal: MuseNestError | None) -> list[tuple[str, str]]:
    """(path, message) of every error that the service found; the path is empty where it named none."""
    if refusal is None:
        return []
    errors = refusal.details.get("errors")
    if not errors:
        return [("", refusal.message)]
    return [(str(error["path"]), str(error["message"])) for error in errors]


class ServiceAdmin(StaffAdmin[Row]):
    """For models that staff create or change: `save_by_service` makes the one call that saves."""

    form = ServiceForm

    def save_by_service(self, request: HttpRequest, row: Any, form: Any, *, is_new: bool) -> Row:
        """Save what the form says and return the row as it is then."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except MuseNestError as error:
            # Once more with the refusal: the form is invalid now, so the service is not called again.
            request.META[REFUSAL] = error
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Row | None = None, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, *args, **kwargs)
        form.refusal = request.META.get(REFUSAL)  # the class was made for this request
        return form

    def save_form(self, request: HttpRequest, form: Any, change: Any) -> Any:
        return self.save_by_service(request, form.instance, form, is_new=not change)

    def save_model(self, request: HttpRequest, obj: Row, form: Any, change: Any) -> None:
        """Nothing: it is saved."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Nothing: it is saved."""
