"""Checkpoints: how far every chain of the audit trail has come, signed, outside of the database."""

import json
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone

from accounts.models import AuditSeal
from accounts.selectors import checkpoints
from accounts.selectors.checkpoints import Checkpoint

logger = structlog.get_logger(__name__)


def write() -> Path | None:
    """Write what was sealed since the newest checkpoint into CHECKPOINT_FOLDER; returns the file.

    None where the folder is not set, or nothing was sealed. Where the newest checkpoint's last seal is not in
    the database any more (tampered with, or an older backup restored) the checkpoint names every chain anew,
    and the log says so. Runs as staff, by a schedule: one writer at a time.
    """
    if not settings.CHECKPOINT_FOLDER:
        return None
    folder = Path(settings.CHECKPOINT_FOLDER)
    before = checkpoints.newest(folder)
    links = ends_since(before.last_id if before and is_there(before) else 0)
    if not links:
        return None
    last = max(links, key=lambda link: link.pk)
    made = Checkpoint(
        number=before.number + 1 if before else 1,
        made_at=timezone.now().isoformat(),
        previous=before.signature if before else "",
        last_id=last.pk,
        last_seal=last.seal,
        chains=tuple((link.organization_id, link.sequence, link.seal) for link in links),
    )
    return save(folder, made)


def is_there(checkpoint: Checkpoint) -> bool:
    found = AuditSeal.objects.filter(pk=checkpoint.last_id, seal=checkpoint.last_seal).exists()
    if not found:
        logger.error("checkpoint_is_not_in_the_database", number=checkpoint.number)
    return found


def ends_since(seal_id: int) -> list[AuditSeal]:
    """The newest link of every chain that was sealed after this one."""
    since = AuditSeal.objects.filter(pk__gt=seal_id)
    return list(since.order_by("organization_id", "-sequence").distinct("organization_id"))


def save(folder: Path, checkpoint: Checkpoint) -> Path:
    """Whole or not at all, and never over another one."""
    path = folder / checkpoint.file_name
    if path.exists():
        raise FileExistsError(path)
    half = path.with_suffix(".part")
    half.unlink(missing_ok=True)  # of a process that was killed here: it may be read-only already
    half.write_text(json.dumps(checkpoint.document(key=settings.SEAL_KEY)) + "\n", encoding="utf-8")
    half.chmod(0o444)
    half.rename(path)
    return path
