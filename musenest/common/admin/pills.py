"""A state as an icon and a word on a tint: colour is never the only sign (DESIGN.md, tokens)."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

GOOD, CARE, BAD, BUSY, QUIET = "approved", "flagged", "rejected", "accent", "neutral"

TONES: dict[str, tuple[str, str]] = {
    # decisions
    "approved": (GOOD, "check_circle"),
    "flagged": (CARE, "flag"),
    "rejected": (BAD, "block"),
    # servers
    "online": (GOOD, "check_circle"),
    "degraded": (CARE, "error"),
    "offline": (BAD, "cloud_off"),
    "unknown": (QUIET, "help"),
    # sites and deployments
    "pending": (BUSY, "schedule"),
    "in_progress": (BUSY, "sync"),
    "deployed": (GOOD, "check_circle"),
    "successful": (GOOD, "check_circle"),
    "outdated": (CARE, "history"),
    "failed": (BAD, "cancel"),
    "superseded": (QUIET, "fast_forward"),
    "rolled_back": (QUIET, "undo"),
    # work
    "waiting": (BUSY, "schedule"),
    "running": (BUSY, "sync"),
    "done": (GOOD, "check_circle"),
    "parked": (BAD, "front_hand"),
    "cancelled": (QUIET, "do_not_disturb_on"),
    # sign-ins
    "succeeded": (GOOD, "check_circle"),
    "confirmed": (GOOD, "check_circle"),
    "first_factor": (BUSY, "hourglass_top"),
    "wrong_password": (CARE, "error"),
    "wrong_code": (CARE, "error"),
    "disabled": (BAD, "block"),
    "refused": (BAD, "block"),
    "limited": (BAD, "front_hand"),
    # subscriptions and usage
    "active": (GOOD, "check_circle"),
    "inactive": (QUIET, "do_not_disturb_on"),
    "trialing": (BUSY, "hourglass_top"),
    "past_due": (CARE, "error"),
    "paused": (CARE, "pause_circle"),
    "suspended": (BAD, "block"),
    "expired": (QUIET, "event_busy"),
    "revoked": (BAD, "block"),
    "reserved": (BUSY, "schedule"),
    "used": (GOOD, "check_circle"),
    "voided": (QUIET, "undo"),
    "ended": (QUIET, "event_busy"),
}


def pill(word: str) -> SafeString:
    """The word in sentence case; one that is not in the table is neutral."""
    tone, icon = TONES.get(word, (QUIET, "circle"))
    text = word.replace("_", " ").capitalize()
    symbol = format_html('<span class="material-symbols-outlined" aria-hidden="true">{}</span>', icon)
    return format_html('<span class="mn-pill mn-{}">{}{}</span>', tone, symbol, text)
