from typing import Any

from django.core.management.base import BaseCommand

from analytics.services import rollups
from musenest.common.actors import SYSTEM


class Command(BaseCommand):
    help = "Brings the rollups of the figures to what their rows come to, while traffic goes on."

    def handle(self, *args: Any, **options: Any) -> None:
        for table, count in rollups.rebuild(by=SYSTEM).items():
            self.stdout.write(f"{table}: {f'{count:,} rows mended' if count else 'was right'}")
