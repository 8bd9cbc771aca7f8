"""The schedules. Beat is a metronome: an occurrence is claimed by a row, so two beats do nothing twice.

A schedule's work and its period are registered beside the work (`work.register_schedule`); beat asks often,
so that a daily schedule survives daily restarts.
"""

from typing import Any


def every(seconds: float, name: str) -> dict[str, Any]:
    return {
        "task": "ring",
        "schedule": seconds,
        "args": ["schedule", name],
        "options": {"expires": max(2 * seconds, 10)},  # a stopped worker finds no heap of old rings
    }


CELERY_BEAT_SCHEDULE = {
    "work.sweep": every(3, "work.sweep"),
    "audit.seal": every(5, "audit.seal"),
    "audit.checkpoint": every(60, "audit.checkpoint"),
    "usage.void_abandoned": every(30, "usage.void_abandoned"),
    "usage.forget_settled": every(60, "usage.forget_settled"),
    "partitions.prepare": every(60, "partitions.prepare"),
    "idempotency.forget": every(60, "idempotency.forget"),
    "sign_ins.forget": every(600, "sign_ins.forget"),
    "sessions.forget": every(600, "sessions.forget"),
    "impersonations.end": every(30, "impersonations.end"),
    "decisions.expire": every(60, "decisions.expire"),
}
