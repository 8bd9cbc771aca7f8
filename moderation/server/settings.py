"""The command line and the environment."""

from __future__ import annotations

import argparse
import ipaddress
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from moderation.server.suppression_modes import MODES

KEY = "MODERATION_SERVER_API_KEY"
BLIP_MODEL = "MODERATION_SERVER_BLIP_MODEL"
_DEFAULT_PORT = 5000
_QUEUE_PER_WORKER = 16
_HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Settings:
    """`queue` is how many requests per worker may be in hand; `key` is None where none is set."""

    host: str
    port: int
    data: Path
    workers: int
    queue: int
    nms: str
    blip_model: Path | None
    callback_allow: frozenset[str]
    key: str | None


def parse(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Read the settings; ends the process with status 2 and one line when they are wrong."""
    parser = _parser()
    given = parser.parse_args(arguments)
    key = environment.get(KEY, "").strip() or None
    if key is None and not _is_loopback(given.host):
        parser.error(f"without {KEY} the server listens only on loopback, not on {given.host}")
    if given.workers < 1 or given.queue < 1 or not 0 <= given.port <= _HIGHEST_PORT:
        parser.error("--workers and --queue are at least 1, --port is at most 65535")
    blip_model = given.blip_model or environment.get(BLIP_MODEL)
    return Settings(
        host=given.host,
        port=given.port,
        data=given.data,
        workers=given.workers,
        queue=given.queue,
        nms=given.nms,
        blip_model=Path(blip_model) if blip_model else None,
        callback_allow=frozenset(host.lower() for host in given.callback_allow),
        key=key,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m moderation.server", description="NudeNet and BLIP behind HTTP.", allow_abbrev=False
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=_DEFAULT_PORT)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sites' profiles")
    parser.add_argument(
        "--workers", type=int, default=_cores(), help="processes with a model each (the cores)"
    )
    parser.add_argument(
        "--queue", type=int, default=_QUEUE_PER_WORKER, help="requests in hand per worker before 503 (16)"
    )
    parser.add_argument(
        "--nms", choices=MODES, default=MODES[0], help="agnostic: as the stock detector suppresses"
    )
    parser.add_argument("--blip-model", help=f"a folder with BLIP's weights (or {BLIP_MODEL})")
    parser.add_argument(
        "--callback-allow",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="where webhook_url may lead",
    )
    return parser


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
