"""The admin's look (Unfold) and its sidebar: what staff do, not how the code is cut."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy

from musenest.settings.stripe import STRIPE_SECRET_KEY


def item(title: str, icon: str, model: str) -> dict[str, Any]:
    """One line of the sidebar: the list of `app_model`."""
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{model}_changelist")}


def group(title: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(items)}


def own_style(request: HttpRequest) -> str:
    return static("css/admin.css")


def favicon(request: HttpRequest) -> str:
    return static("favicon.svg")


# dj-stripe's fifty tables are empty noise until there is a key.
STRIPE_MIRROR: list[dict[str, Any]] = (
    [
        {
            "title": "Stripe's mirror",
            "icon": "sync_alt",
            "link": reverse_lazy("admin:app_list", args=["djstripe"]),
        }
    ]
    if STRIPE_SECRET_KEY
    else []
)

NAVIGATION: list[dict[str, Any]] = [
    {"items": [{"title": "Overview", "icon": "monitoring", "link": reverse_lazy("admin:index")}]},
    group(
        "Moderation",
        item("Servers", "dns", "moderation_server"),
        item("Templates", "tune", "moderation_template"),
        item("Template versions", "history_edu", "moderation_templateversion"),
        item("Sites", "language", "moderation_site"),
        item("Configuration versions", "deployed_code", "moderation_configurationversion"),
        item("Deployments", "rocket_launch", "moderation_deployment"),
        item("Decisions", "gavel", "moderation_decision"),
        item("Decision events", "timeline", "moderation_decisionevent"),
        item("Decisions by day", "calendar_month", "analytics_dailydecisionstotal"),
        item("Decisions by organisation", "date_range", "analytics_dailydecisions"),
        item("Attestations", "verified", "moderation_attestation"),
    ),
    group(
        "Customers",
        item("Organisations", "corporate_fare", "accounts_organization"),
        item("People", "person", "accounts_person"),
        item("Memberships", "group", "accounts_membership"),
        item("Invitations", "outgoing_mail", "accounts_invitation"),
        item("Profiles", "badge", "accounts_profile"),
        item("API keys", "key", "accounts_apikey"),
        item("Sign-ins", "login", "accounts_signin"),
        item("Programs' sign-ins", "token", "accounts_refreshfamily"),
        item("Webhook endpoints", "webhook", "accounts_webhookendpoint"),
    ),
    group(
        "Billing",
        item("Tiers", "layers", "billing_tier"),
        item("Tier versions", "history", "billing_tierversion"),
        item("Subscriptions", "autorenew", "billing_subscription"),
        item("Usage by month", "bar_chart", "billing_usagecounter"),
        item("Usage records", "receipt_long", "billing_usagerecord"),
        item("Usage keys", "tag", "billing_usagekey"),
        item("Usage by day", "calendar_view_day", "analytics_dailyusagetotal"),
        item("Usage by organisation", "calendar_view_week", "analytics_dailyusage"),
        *STRIPE_MIRROR,
    ),
    group(
        "Platform",
        item("Caption requests", "subtitles", "moderation_captionrequest"),
        item("Site removals", "delete_sweep", "moderation_siteremoval"),
        item("Notifications", "mail", "accounts_notification"),
        item("Webhook deliveries", "outbox", "accounts_webhookdelivery"),
        item("Schedules", "schedule", "common_schedule"),
        item("Egress allowances", "lan", "common_egressallowance"),
        item("Audit trail", "policy", "accounts_auditevent"),
        item("Audit seals", "link", "accounts_auditseal"),
        item("Unsealed events", "link_off", "accounts_unsealedevent"),
        item("Idempotency", "repeat_on", "common_idempotencyrecord"),
    ),
]

UNFOLD = {
    "SITE_TITLE": "MuseNest",
    "SITE_HEADER": "MuseNest",
    "SITE_SUBHEADER": "Operator",
    "SITE_ICON": favicon,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": favicon}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "analytics.admin.overview.dashboard",
    "STYLES": [own_style],
    "BORDER_RADIUS": "8px",
    # DESIGN.md's tokens on Unfold's scales; what differs in the dark theme is in static/css/admin.css.
    "COLORS": {
        "base": {
            "50": "#F7F8FA",
            "100": "#F1F3F6",
            "200": "#E3E7ED",
            "300": "#CBD2DC",
            "400": "#9AA4B2",
            "500": "#5B6472",
            "600": "#475569",
            "700": "#3D4857",
            "800": "#2A323D",
            "900": "#151A21",
            "950": "#0E1116",
        },
        "primary": {
            "50": "#EEEDFD",
            "100": "#E0E7FF",
            "200": "#C7D2FE",
            "300": "#A5B4FC",
            "400": "#818CF8",
            "500": "#4F46E5",
            "600": "#4F46E5",
            "700": "#4338CA",
            "800": "#3730A3",
            "900": "#312E81",
            "950": "#1E1B4B",
        },
    },
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": NAVIGATION},
}
FORMAT_MODULE_PATH = ["musenest.formats"]
