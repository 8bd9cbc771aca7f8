import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musenest.settings")
# A web process has many threads, so it pools its connections (M-167); programs of one thread keep one.
os.environ.setdefault("DB_POOL_MIN", "10")
os.environ.setdefault("DB_POOL_MAX", "50")

application = get_wsgi_application()

from musenest.common.starting import keep_what_is_loaded, refuse_to_serve  # noqa: E402 -- needs the apps ready

refuse_to_serve()
keep_what_is_loaded()
