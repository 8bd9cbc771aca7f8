"""The REST API: DRF, simplejwt, drf-spectacular; rates, and whose word about an address counts."""

from datetime import timedelta

from musenest.settings.environment import duration, env
from musenest.settings.security import JWT_SECRET

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.CredentialAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["musenest.common.api.envelope.EnvelopeRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "musenest.common.api.envelope.OneLanguage",
    "DEFAULT_PARSER_CLASSES": ["musenest.common.api.parsers.CamelCaseJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["musenest.common.api.throttles.RateThrottle"],
    "DEFAULT_PAGINATION_CLASS": "musenest.common.api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "musenest.common.api.schema.EnvelopeSchema",
    "EXCEPTION_HANDLER": "musenest.common.api.errors.as_envelope",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.int("JWT_ACCESS_MINUTES", default=15)),
    "SIGNING_KEY": JWT_SECRET,
    "ALGORITHM": "HS256",
    "ISSUER": "musenest",
}
# How long a refresh token lives (REQUIREMENTS.md, 9).
JWT_EXPIRES_IN = duration(env.str("JWT_EXPIRES_IN", default="7d"))

API_IN_SHORT = """\
The control plane for AI content moderation, with the billing built in.

**The one rule: hold the picture on every answer that is not a 200 with `"decision": "approved"`.** Another
decision, another status, an error or silence is no approval.

Programs send a key of their organisation in the header `X-API-Key`. A key of the test mode (`mn_test_…`)
answers at once and always the same, and costs nothing; one of the live mode (`mn_live_…`) is metered. People
have a token (`Authorization: Bearer …`). Begin with `POST /api/moderation/analyze`.
"""
SPECTACULAR_SETTINGS = {
    "TITLE": "MuseNest",
    "DESCRIPTION": API_IN_SHORT,
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api",
    "COMPONENT_SPLIT_REQUEST": True,
    # In this order on the page: what integrators come for first.
    "TAGS": [
        {"name": name}
        for name in (
            "Moderation",
            "Sites",
            "Analytics",
            "Billing",
            "API keys",
            "Accounts",
            "Organisations",
            "Moderation servers",
        )
    ],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "musenest.common.api.schema.add_headers",
        "musenest.common.api.examples.add",
    ],
    "ENUM_NAME_OVERRIDES": {
        "DecisionEnum": "moderation.models.DecisionKind",
        "SiteStatusEnum": "moderation.models.SiteStatus",
        "DeploymentStatusEnum": "moderation.models.DeploymentStatus",
        "ServerStatusEnum": "moderation.models.ServerStatus",
        "ModeEnum": [("live", "live"), ("test", "test")],
        "KeyModeEnum": "accounts.models.KeyMode",
        "KeyStatusEnum": ["usable", "revoked", "expired"],
    },
}

# Off only where a test or a load measurement needs it (musenest.common.rates).
RATE_LIMIT_ENABLED = env.bool("RATE_LIMIT_ENABLED", default=True)
# How many pages one person, or one address that is not signed in, may ask for in a minute.
PAGES_PER_MINUTE = env.int("PAGES_PER_MINUTE", default=600)
# How many proxies stand before us, or their networks: only what they wrote into X-Forwarded-For is believed.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
# Whose pages may call the API from a browser (musenest.common.origins); by default nobody's.
CORS_ORIGINS = env.list("CORS_ORIGINS", default=[])
