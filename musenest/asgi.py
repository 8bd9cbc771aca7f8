import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musenest.settings")

application = get_asgi_application()

from musenest.common.starting import refuse_to_serve  # noqa: E402 -- needs the applications to be ready

refuse_to_serve()
