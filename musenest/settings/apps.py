"""Applications, middleware, templates, static files, language and time."""

from pathlib import Path

from musenest.settings.environment import IS_PRODUCTION, ROOT, env

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "musenest.common",
    "accounts",
    "billing",
    "moderation",
    "analytics",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.usersessions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "djstripe",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "musenest.common.middleware.request_id",
    "musenest.common.observing.observed",
    "musenest.common.rates.answers.headers",
    "musenest.common.origins.cross_origin",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "musenest.common.middleware.content_security_policy",
    "musenest.common.middleware.refuse_chunked",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "musenest.common.middleware.straight_to_the_api",
    # From here on: what pages need, and requests that come with a cookie.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "musenest.common.middleware.scope_of_the_person",
    "musenest.common.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "musenest.common.rates.pages.limited",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.portal.last_use.noted",
    "accounts.portal.staff_factor.required",
    "accounts.portal.impersonations.known",
    "musenest.common.middleware.ErrorPages",
]

ROOT_URLCONF = "musenest.urls"
WSGI_APPLICATION = "musenest.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "musenest.common.context_processors.chrome",
            ],
            "builtins": ["musenest.common.templatetags.musenest", "django.templatetags.i18n"],
        },
    },
]

# Assets of others come from npm (`script/support/assets.py` puts what is used under var/assets), ours from
# static/.
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "var" / "static"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    *(path for path in (ROOT / "static", ROOT / "var" / "assets") if path.is_dir()),
    ("test-pictures", ROOT / "docs" / "test-pictures"),  # the quick start hands them out
]

# Without collectstatic the files are served from where they are.
WHITENOISE_USE_FINDERS = not IS_PRODUCTION

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# Compiled from locale/ by `script/support/translations.py`.
LOCALE_PATHS = [ROOT / "var" / "locale"]
TIME_ZONE = "UTC"  # M-168: billing periods are UTC's
USE_TZ = True

PORT = env.int("PORT", default=3000)
# Links begin with it and go on with a path of ours.
BASE_URL = env.str("BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
# The operator's own pages, which the foot of every page leads to; without one nothing is said of it.
TERMS_URL = env.str("TERMS_URL", default="")
PRIVACY_URL = env.str("PRIVACY_URL", default="")
