import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musenest.settings")

application = get_wsgi_application()

from musenest.common.checks import refuse_to_serve  # noqa: E402 -- needs the applications to be ready

refuse_to_serve()
