"""Every address of MuseNest: the API under /api/, the admin under /admin/, the portal at /."""

from django.contrib import admin
from django.urls import include, path

from accounts.portal import docs, sessions
from musenest.common import health
from musenest.common.admin.entrance import entrance
from musenest.common.api.description import DescriptionView

urlpatterns = [
    path("health", health.health, name="health"),
    path("status", health.status, name="status"),
    path("metrics", health.metrics, name="metrics"),
    path("api/health", health.api_health, name="api-health"),
    path("api/schema", DescriptionView.as_view(), name="schema"),
    path("api/docs", docs.show, name="docs"),
    path("api/", include("accounts.api.urls")),
    path("api/", include("billing.api.urls")),
    path("api/", include("moderation.api.urls")),
    path("api/", include("analytics.api.urls")),
    # One place to sign in and out, for everybody.
    path("admin/login/", entrance),
    path("admin/logout/", sessions.logout),
    path("admin/", admin.site.urls),
    path("", include("accounts.portal.urls")),
    path("", include("billing.portal.urls")),
    path("", include("moderation.portal.urls")),
    path("", include("analytics.portal.urls")),
]

handler400 = "musenest.common.failures.bad_request"
handler403 = "musenest.common.failures.denied"
handler404 = "musenest.common.failures.not_found"
handler500 = "musenest.common.failures.server_error"
