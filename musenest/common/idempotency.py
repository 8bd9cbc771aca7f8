"""Safe retries: the first answer to an `Idempotency-Key` is kept for 24 hours and given again (API.md, *Every
POST*).
"""

import hashlib
import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict

from musenest.common import tenancy
from musenest.common.errors import ConflictError, InvalidError

KEPT_FOR = timedelta(hours=24)
# A request that has no answer after this long was lost with its process; its key may be used again.
LOST_AFTER = timedelta(seconds=90)
LONGEST_KEY = 255
UNKEPT = (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)


class IdempotencyRecord(models.Model):
    """One key of one caller: the request's fingerprint and, once there is one, its answer. Never a picture,
    never a secret.
    """

    id = models.BigAutoField(primary_key=True)
    caller = models.CharField(
        max_length=120, help_text="who sent the key: an organisation and a person or API key"
    )
    key = models.CharField(max_length=LONGEST_KEY)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, help_text="null while the first request runs")
    body = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    is_secret = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        app_label = "common"
        db_table = "idempotency_records"
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="idempotency_key_once_per_caller"),
            tenancy.Isolation(name="idempotency_record_is_the_kernels", sees="false"),
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"


def checked_key(text: str) -> str:
    """The key, if it is 1 to 255 visible ASCII characters."""
    if not 1 <= len(text) <= LONGEST_KEY or not all("!" <= character <= "~" for character in text):
        raise InvalidError(
            "Idempotency-Key takes 1 to 255 visible ASCII characters.", code="IDEMPOTENCY_KEY_INVALID"
        )
    return text


def fingerprint(route: str, fields: Any) -> str:
    """Over the route, the parsed fields and, of each file, its digest: a multipart boundary changes the raw
    body. Keyed, because a field may be a password.
    """
    sent = dict(fields.lists()) if isinstance(fields, MultiValueDict) else fields
    values = {
        name: [digested(one) for one in value] if isinstance(value, list) else digested(value)
        for name, value in sent.items()
    }
    text = json.dumps([route, values], sort_keys=True, default=str)
    return salted_hmac("musenest.common.idempotency", text, algorithm="sha256").hexdigest()


def digested(value: Any) -> Any:
    return file_digest(value) if isinstance(value, UploadedFile) else value


def file_digest(file: UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return f"sha256:{digest.hexdigest()}"


def begin(caller: str, key: str, print_: str) -> tuple[IdempotencyRecord, bool]:
    """The record and whether it is new. Raises for another body under this key, a twin in flight, and a
    secret's replay.
    """
    now = timezone.now()
    with tenancy.staff():
        same_key = IdempotencyRecord.objects.filter(caller=caller, key=key)
        is_over = models.Q(created_at__lt=now - KEPT_FOR) | models.Q(
            created_at__lt=now - LOST_AFTER, status=None
        )
        same_key.filter(is_over).delete()
        try:
            with transaction.atomic():
                return same_key.create(caller=caller, key=key, fingerprint=print_, created_at=now), True
        except IntegrityError:
            record = same_key.first()
    if record is None:  # the first request failed this very moment, and its key is free again
        raise ConflictError("Try again.", code="IDEMPOTENCY_IN_FLIGHT", retry_after=1)
    refuse_other_uses(record, print_)
    return record, False


def refuse_other_uses(record: IdempotencyRecord, print_: str) -> None:
    if record.fingerprint != print_:
        raise InvalidError("This Idempotency-Key was used for another request.", code="IDEMPOTENCY_MISMATCH")
    if record.status is None:
        raise ConflictError(
            "The first request with this key is still running.", code="IDEMPOTENCY_IN_FLIGHT", retry_after=2
        )
    if record.is_secret:
        raise ConflictError(
            "The first answer carried a secret, which is not kept.", code="IDEMPOTENCY_SECRET"
        )


def keep(pk: int, *, status: int, body: Any, is_secret: bool) -> None:
    """Keep the answer. One that asks to try again (a limit, a server's error), or after something else was
    done (a plan, a proof, an address to verify), is not kept, or every later try would be given it.
    """
    with tenancy.staff():
        if status in UNKEPT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            IdempotencyRecord.objects.filter(pk=pk).delete()
            return
        IdempotencyRecord.objects.filter(pk=pk).update(
            status=status, body=None if is_secret else body, is_secret=is_secret
        )


def caller_name(organization: UUID | None, actor: str) -> str:
    return f"{organization or '-'}/{actor}"


def forget() -> int:
    """Delete what is older than 24 hours; returns how many. Runs as a schedule."""
    deleted, _ = IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
