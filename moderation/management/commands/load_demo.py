"""`manage.py load_demo`: makes the demonstration once and writes its sign-ins to `var/demo.json`."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.models import Site, SiteStatus
from moderation.services import demonstration
from musenest.common import tenancy
from musenest.settings.environment import ROOT, env


class Command(BaseCommand):
    help = "Loads the demonstration: Acme and Borealis with their sites. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait", type=int, default=0, help="seconds to wait until every site is deployed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("The demonstration has known e-mail addresses: it is not for production.")
        path = ROOT / "var" / "demo.json"
        if not (path.exists() and demonstration.is_loaded()):
            sign_ins = demonstration.load(
                moderation_host=env.str("MODERATION_HOST", default="127.0.0.1"),
                moderation_port=env.int("MODERATION_PORT", default=5000),
                moderation_key=env.str("MODERATION_SERVER_API_KEY", default=""),
            )
            write(path, {"base_url": settings.BASE_URL, **sign_ins})
        wait_for_sites(options["wait"])


def write(path: Path, demo: dict[str, Any]) -> None:
    """Readable by its owner only: it holds passwords."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(demo, indent=2) + "\n")


def wait_for_sites(seconds: int) -> None:
    """Return when no site waits for its deployment; a site that failed is named."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with tenancy.staff():
            waiting = Site.objects.filter(
                deleted_at=None, deployment_status=SiteStatus.PENDING, revision__gt=0
            )
            if not waiting.exists():
                break
        time.sleep(0.2)
    with tenancy.staff():
        failed = Site.objects.filter(deleted_at=None, deployment_status=SiteStatus.FAILED)
        for site in failed:
            sys.stderr.write(f"The site {site} could not be deployed; its page says why.\n")
