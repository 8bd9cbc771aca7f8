"""Bars for SVG, drawn by the server: no script, and the figures stand in a table behind them.

Places across are percentages, so that bars stretch and words do not; heights are pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.selectors.overview import Day

HEIGHT = 196
TOP, BOTTOM = 16, 24
KINDS = ("approved", "flagged", "rejected")
TICKS = 4
NICE = (1, 2, 5)
GAP = 0.3  # of a day's place


@dataclass(frozen=True)
class Piece:
    kind: str
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    x: float
    width: float
    pieces: list[Piece]
    words: str


@dataclass(frozen=True)
class Line:
    y: float
    text: str


@dataclass(frozen=True)
class Tick:
    x: float
    anchor: str
    text: str


@dataclass(frozen=True)
class Chart:
    """`title` says the finding."""

    title: str
    bars: list[Bar]
    lines: list[Line]
    ticks: list[Tick]
    days: list[Day]
    height: int = HEIGHT


def decisions_by_day(days: Sequence[Day]) -> Chart:
    top = nice_top(max(day.total for day in days))
    step = 100 / len(days)
    return Chart(
        title=finding(days),
        bars=[bar(day, index * step, step, top) for index, day in enumerate(days) if day.total],
        lines=[Line(round(y_of(value, top), 1), f"{value:,}") for value in (0, top // 2, top)],
        ticks=ticks(days),
        days=[day for day in reversed(days) if day.total],
    )


def ticks(days: Sequence[Day]) -> list[Tick]:
    """The first and the last day and some between."""
    places = [round(number * (len(days) - 1) / (TICKS - 1)) for number in range(TICKS)]
    anchors = ["start", *["middle"] * (TICKS - 2), "end"]
    shares = [number * 100 / (TICKS - 1) for number in range(TICKS)]
    return [
        Tick(round(share, 2), anchor, f"{days[place].on:%-d %b}")
        for place, share, anchor in zip(places, shares, anchors, strict=True)
    ]


def finding(days: Sequence[Day]) -> str:
    total = sum(day.total for day in days)
    if not total:
        return "No picture was decided in the last 30 days"
    held = sum(day.flagged + day.rejected for day in days)
    return f"{held * 100 / total:.0f} % of {total:,} pictures were held back in the last 30 days"


def nice_top(highest: int) -> int:
    """The least of 2, 4, 10, 20, 40, 100, … that holds the highest bar; its half is a whole number."""
    scale = 1
    while True:
        for factor in NICE:
            if highest <= 2 * factor * scale:
                return 2 * factor * scale
        scale *= 10


def y_of(value: float, top: int) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def bar(day: Day, x: float, step: float, top: int) -> Bar:
    pieces, below = [], 0
    for kind in KINDS:
        number = getattr(day, kind)
        if number:
            y = y_of(below + number, top)
            pieces.append(Piece(kind, round(y, 1), round(y_of(below, top) - y, 1)))
        below += number
    words = f"{day.on:%-d %b}: {day.approved} approved, {day.flagged} flagged, {day.rejected} rejected"
    return Bar(round(x + step * GAP / 2, 2), round(step * (1 - GAP), 2), pieces, words)
