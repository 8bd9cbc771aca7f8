"""PostgreSQL, Redis and what stands on them.

The application connects as `musenest_app`, migrations as `musenest_owner` (ARCHITECTURE.md, *Tenancy in
PostgreSQL*).
"""

import sys
from typing import Any
from urllib.parse import quote

import environ

from musenest.settings.environment import env

OWNER_COMMANDS = {"migrate", "makemigrations", "lintmigrations", "sqlmigrate", "showmigrations"}


def composed_url() -> str:
    """`DATABASE_URL`, or the URL that DB_HOST, DB_USER, DB_PASSWORD, DB_NAME and DB_PORT make (M-170)."""
    if url := env.str("DATABASE_URL", default=""):
        return str(url)
    user = quote(env.str("DB_USER", default="musenest_app"), safe="")
    password = quote(env.str("DB_PASSWORD", default=""), safe="")
    host = env.str("DB_HOST", default="localhost")
    port, name = env.int("DB_PORT", default=5432), env.str("DB_NAME", default="musenest")
    return f"postgresql://{user}:{password}@{host}:{port}/{name}"


def is_owner_command(arguments: list[str]) -> bool:
    return len(arguments) > 1 and arguments[1] in OWNER_COMMANDS


def database() -> dict[str, Any]:
    """The connection: the owner's for commands about the schema, the application's for everything else."""
    url = composed_url()
    if is_owner_command(sys.argv):
        url = env.str("DATABASE_OWNER_URL", default=url)
    settings: dict[str, Any] = environ.Env.db_url_config(url)
    options: dict[str, Any] = {"connect_timeout": 5, "prepare_threshold": 5, "server_side_binding": True}
    pool_max = env.int("DB_POOL_MAX", default=0)
    if pool_max:
        options["pool"] = {
            "min_size": env.int("DB_POOL_MIN", default=10),
            "max_size": pool_max,
            "timeout": 10,
        }
    return settings | {
        "ENGINE": "musenest.common.postgres",
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if pool_max else env.int("CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        # A server-side cursor would read on after its scope ended.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


DATABASES = {"default": database()}
# How long web and worker wait for PostgreSQL at their start, before they end with an error.
DATABASE_WAIT_SECONDS = env.float("DATABASE_WAIT_SECONDS", default=60.0)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
}

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker that was gone for an hour is found again
# A ring that cannot be sent is given up at once: the sweep rings again.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 1}
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Beat keeps nothing: an occurrence is claimed in PostgreSQL (musenest.common.work.schedules).
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
