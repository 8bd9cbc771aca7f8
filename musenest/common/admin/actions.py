"""Actions: the service call for each row that was chosen, and what became of it in words.

Whatever changes something is a POST with Django's token: list actions are, and a button on a row's page asks
first. (Unfold's plain buttons would change things by a GET.)
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action as unfold_action

from musenest.common import step_up
from musenest.common.actors import Actor
from musenest.common.errors import MuseNestError, NotFoundError, NotSignedInError

Row = TypeVar("Row", bound=Model)


def actor_of(request: HttpRequest) -> Actor:
    """Who does it: what services take as `by`."""
    actor = getattr(request.user, "actor", None)
    if not isinstance(actor, Actor):
        raise NotSignedInError("Sign in first.")
    return actor


def run_for_each(
    request: HttpRequest, rows: Iterable[Row], call: Callable[[Row], object], *, done: str
) -> None:
    """Call the service for each row; one that is refused is told with its reason and stops no other.

    `done` says what happened to the others, as in "Checked".
    """
    names = []
    for row in rows:
        name = str(row)
        try:
            call(row)
        except MuseNestError as error:
            messages.error(request, f"{name}: {error.message}")
        else:
            names.append(name)
    if names:
        messages.success(request, f"{done}: {', '.join(names)}.")


def asked_first(
    *, label: str, question: str, icon: str, form_class: type | None = None
) -> Callable[[Callable[[Any, HttpRequest, Any, Any], str | HttpResponse]], Any]:
    """A button on a row's page that opens a question, and by its answer (a POST) calls the method.

    The method takes (request, row, form) and returns what to tell the person, or nothing if it did itself, or
    the answer where it leads to another page. An error of the service is told with its reason. `form_class`
    (a BaseDialogForm) adds fields to the question.
    """

    def decorate(method: Callable[[Any, HttpRequest, Any, Any], str | HttpResponse]) -> Any:
        @wraps(method)
        def run(self: Any, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
            row = self.get_object(request, object_id)
            if row is None:
                raise NotFoundError("It does not exist any more.")
            try:
                told = method(self, request, row, form)
                if isinstance(told, HttpResponse):
                    return told
                if told:
                    messages.success(request, told)
            except MuseNestError as error:
                messages.error(request, error.message)
            return HttpResponse(headers={"HX-Redirect": page_of(self, object_id)})

        dialog = {
            "title": label,
            "description": question,
            "form_class": form_class,
            "form_submit_text": label,
        }
        return proved_first(unfold_action(description=label, icon=icon, dialog=dialog)(run))

    return decorate


def proved_first(button: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Asks who did not prove themselves lately, before the question opens and again by its answer."""

    @wraps(button)  # with what Unfold wrote on it
    def checked(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        if step_up.is_fresh(request):
            return button(self, request, object_id=object_id)
        return step_up.ask(request, page=page_of(self, object_id))

    return checked


def page_of(admin: Any, object_id: str) -> str:
    """The row's page."""
    options = admin.model._meta
    name = f"{admin.admin_site.name}:{options.app_label}_{options.model_name}_change"
    return reverse(name, args=[object_id])
