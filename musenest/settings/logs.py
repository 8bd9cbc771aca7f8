"""Structured logs: one JSON object a line in production, readable lines elsewhere, a request id in each
(L-46, L-47).
"""

import logging.config
from typing import Any

import structlog

from musenest.common import masking
from musenest.settings.environment import ENVIRONMENT, IS_PRODUCTION, env

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()

PROCESSORS: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]
LAST = (
    [
        structlog.processors.format_exc_info,
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(),
    ]
    if IS_PRODUCTION
    # Plain tracebacks: the rich ones print local variables, and a secret may be one.
    else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
)

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *PROCESSORS,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=ENVIRONMENT != "test",
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": PROCESSORS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *LAST,
                masking.mask_line,
            ],
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "celery": {"level": "INFO"},
    },
}
LOGGING_CONFIG = None
logging.config.dictConfig(LOGGING)

SENTRY_DSN = env.str("SENTRY_DSN", default="")
# Pictures and their uploaders never reach an error report (REQUIREMENTS.md, 21).
SENTRY_OPTIONS: dict[str, Any] = {
    "environment": ENVIRONMENT,
    "send_default_pii": False,
    "max_request_body_size": "never",
    "include_local_variables": False,
    "before_send": masking.mask_event,
    "before_send_transaction": masking.mask_event,
}
if SENTRY_DSN:
    import sentry_sdk

    sentry_sdk.init(SENTRY_DSN, **SENTRY_OPTIONS)

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
