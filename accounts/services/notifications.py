"""Messages to people, by e-mail. A message is work: written with what it tells of, sent by a worker.

A template `name` is three files, `templates/emails/<name>.subject`, `.txt` and `.html`; they know `context`,
`secrets`, `person` (or nothing, where the address is nobody's yet) and `base_url`.
"""

import json
import smtplib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailError, AnymailInvalidAddress, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac

from accounts.models import Notification, Organization, Person
from musenest.common import rates, tenancy, work
from musenest.common.errors import LimitError

LANGUAGE_OF_STRANGERS = "en"
# What whoever knows an address can have us write to it.
OF_STRANGERS = frozenset({"registered_already", "verify_email", "reset_password", "invitation"})


def send(
    *,
    template: str,
    person: Person | None = None,
    address: str = "",
    organization: Organization | None = None,
    context: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> Notification:
    """Write the message, to be sent when the transaction around commits.

    To `person`, or to `address` where that is named. `context` is kept and shown to staff; what lets somebody
    in (a link with a token) goes into `secrets`, which are encrypted and deleted once the message was sent.

    Raises LimitError `LETTERS_LIMIT` for the sixth in an hour to one address, of those that a stranger can
    cause: nobody's letter box is filled by us.
    """
    if template in OF_STRANGERS:
        refuse_many(template, address or (person.email if person else ""))
    notification = Notification(
        organization=organization,
        person=person,
        address=address,
        template=template,
        context=dict(context or {}),
        secrets=json.dumps(dict(secrets)) if secrets else "",
    )
    with tenancy.staff():  # what is about a sign-in has no organisation
        return work.enqueue(notification)


def refuse_many(template: str, address: str) -> None:
    recipient = salted_hmac("accounts.notifications", address.strip().lower(), algorithm="sha256").hexdigest()
    verdict = rates.take((rates.LETTERS, f"{template}:{recipient}"))
    if verdict is not None and not verdict.is_admitted:
        raise LimitError(
            "We wrote to this address several times within the last hour. Try again later.",
            code="LETTERS_LIMIT",
            retry_after=verdict.retry_after,
        )


def run(notification: Notification) -> None:
    """Send it. A lost worker may send it twice, under one Message-ID; a refused address ends it."""
    message = composed(notification)
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, AnymailRecipientsRefused, AnymailInvalidAddress) as error:
        raise work.GiveUpError(f"The address was refused ({type(error).__name__}).") from error
    except (smtplib.SMTPException, AnymailError, OSError) as error:
        raise work.RetryError(f"The mail server did not take it ({type(error).__name__}).") from error
    with work.finishing(notification) as sent:
        sent.secrets = ""


def composed(notification: Notification) -> EmailMultiAlternatives:
    """The message in the person's language. Raises GiveUpError for a template that is not there."""
    with tenancy.staff():
        person = notification.person
    known = {
        **notification.context,
        **(json.loads(notification.secrets) if notification.secrets else {}),
        "person": person,
        "base_url": settings.BASE_URL,
    }
    files = f"emails/{notification.template}"
    with translation.override(person.locale if person else LANGUAGE_OF_STRANGERS):
        try:
            subject, text, html = (
                render_to_string(f"{files}.{kind}", known) for kind in ("subject", "txt", "html")
            )
        except TemplateDoesNotExist as error:
            raise work.GiveUpError(f"There is no template {error}.") from error
    message = EmailMultiAlternatives(
        " ".join(subject.split()),  # a subject is one line, whatever a name in it holds
        text.strip() + "\n",
        to=[notification.recipient],
        headers={"Message-ID": f"<{notification.pk}@{urlsplit(settings.BASE_URL).hostname}>"},
    )
    message.attach_alternative(html, "text/html")
    return message
