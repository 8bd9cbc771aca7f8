"""Bars for SVG, drawn by the server: no script, and the figures stand in a table behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.selectors.overview import Day

WIDTH = 720
HEIGHT = 180
LEFT, BOTTOM, TOP = 40, 22, 8
KINDS = ("approved", "flagged", "rejected")
LABELS_EVERY = 7
NICE = (1, 2, 5)


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
    text: str


@dataclass(frozen=True)
class Chart:
    """`title` says the finding."""

    title: str
    bars: list[Bar]
    lines: list[Line]
    ticks: list[Tick]
    days: list[Day]
    left: int = LEFT
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def base(self) -> int:
        return self.height - BOTTOM


def decisions_by_day(days: Sequence[Day]) -> Chart:
    top = nice_top(max(day.total for day in days))
    step = (WIDTH - LEFT) / len(days)
    return Chart(
        title=finding(days),
        bars=[bar(day, LEFT + index * step, step, top) for index, day in enumerate(days) if day.total],
        lines=[Line(round(y_of(value, top), 1), f"{value:,}") for value in sorted({0, top // 2, top})],
        ticks=[
            Tick(round(LEFT + (index + 0.5) * step, 1), f"{day.on:%-d %b}")
            for index, day in enumerate(days)
            if index % LABELS_EVERY == 1
        ],
        days=[day for day in reversed(days) if day.total],
    )


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
    return Bar(round(x + step * 0.15, 1), round(step * 0.7, 1), pieces, words)
