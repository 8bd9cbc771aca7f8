"""allauth's messages, sent as our notifications: what lets somebody in goes encrypted."""

from contextlib import suppress
from typing import Any

from accounts.services import notifications
from musenest.common.errors import LimitError

LINKS = {
    "account/email/email_confirmation_signup": ("verify_email", "activate_url"),
    "account/email/email_confirmation": ("verify_email", "activate_url"),
    "account/email/password_reset_key": ("reset_password", "password_reset_url"),
}
REGISTERED_ALREADY = "account/email/account_already_exists"
# What else allauth tells a person about the account: the last part of its name is a sentence in the template.
NOTICE = "security_notice"


def send(prefix: str, email: str, context: dict[str, Any]) -> None:
    """Too many to one address are not sent, and nobody is told: whether they were tells of whose it is."""
    with suppress(LimitError):
        write(prefix, email, context)


def write(prefix: str, email: str, context: dict[str, Any]) -> None:
    person = context.get("user")
    if prefix in LINKS:
        template, link = LINKS[prefix]
        notifications.send(
            template=template, person=person, address=email, secrets={"link": str(context[link])}
        )
    elif prefix == REGISTERED_ALREADY:
        notifications.send(template="registered_already", address=email)
    else:
        told = {
            "what": prefix.rpartition("/")[2],
            "at": f"{context['timestamp']:%Y-%m-%d %H:%M} UTC" if "timestamp" in context else "",
            "ip": str(context.get("ip", "")),
            "agent": str(context.get("user_agent", "")),
        }
        notifications.send(template=NOTICE, person=person, address=email, context=told)
