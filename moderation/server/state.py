"""What the routes share."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from moderation.server.admission import Admission
from moderation.server.captioning import Captions
from moderation.server.default_profile import DefaultProfile
from moderation.server.pool import Pool
from moderation.server.profiles import ProfileStore


@dataclass
class State:
    """`captions` is None where no BLIP weights are configured."""

    folder: Path
    pool: Pool
    admission: Admission
    profiles: ProfileStore
    default: DefaultProfile
    model_digest: str
    callback_allow: frozenset[str]
    captions: Captions | None = None
    caption_pool: Pool | None = None
    blip_model: str | None = None
    started_at: float = field(default_factory=time.monotonic)
