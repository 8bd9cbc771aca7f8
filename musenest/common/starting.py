"""Before web and worker serve: settings that are safe, a PostgreSQL that answers, a role that is held."""

import gc
import time

import structlog
from django.conf import settings
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections

from musenest.common import checks

logger = structlog.get_logger(__name__)

PAUSE_SECONDS = 1.0


def refuse_to_serve() -> None:
    """Return when this process may serve people.

    In order: unsafe settings raise ImproperlyConfigured at once; PostgreSQL is waited for
    (`wait_for_database`); a role that row-level security does not hold raises ImproperlyConfigured, too.
    """
    raise_for(checks.production_settings(None))
    wait_for_database(settings.DATABASE_WAIT_SECONDS)
    found = checks.role_errors()
    connections.close_all()  # the processes that are forked from this one must not share its connection
    raise_for(found)


def wait_for_database(seconds: float) -> None:
    """Wait until PostgreSQL takes a connection, saying so in the log.

    After so many seconds its OperationalError ends the process, so that a supervisor sees it and starts anew.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            connections["default"].ensure_connection()
        except OperationalError as error:
            if time.monotonic() >= deadline:
                raise
            logger.warning("waiting_for_database", reason=str(error).strip().splitlines()[0])
            time.sleep(PAUSE_SECONDS)
        else:
            return


def keep_what_is_loaded() -> None:
    """Spare the garbage collector what lives as long as the process: code, models, addresses. It also looks
    less often, because a request leaves little that only it could free.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 50, 100)


def raise_for(found: list[CheckMessage]) -> None:
    if found:
        raise ImproperlyConfigured("MuseNest does not start: " + " ".join(error.msg for error in found))
