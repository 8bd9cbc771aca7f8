"""Bars for SVG, drawn by the server: no script, and the figures stand in a table behind them.

Places across are percentages, so that bars stretch and words do not; heights are pixels. All numbers are
text already: a page's language must not change a drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from analytics.selectors.decisions import DecidedDay

HEIGHT = 196
TOP, BOTTOM = 28, 24
KINDS = ("approved", "flagged", "rejected")
TICKS = 4
NICE = (1, 2, 5)
GAP = 0.3  # of a day's place


@dataclass(frozen=True)
class Piece:
    kind: str
    y: str
    height: str


@dataclass(frozen=True)
class Bar:
    x: str
    width: str
    pieces: list[Piece]
    words: str


@dataclass(frozen=True)
class Line:
    y: str
    text: str


@dataclass(frozen=True)
class Tick:
    x: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Chart:
    """`title` says the finding, `unit` what the lines across count."""

    title: str
    unit: str
    bars: list[Bar]
    lines: list[Line]
    ticks: list[Tick]
    days: list[DecidedDay] = field(default_factory=list)
    height: int = HEIGHT


@dataclass(frozen=True)
class Column:
    """One day: its parts from the bottom up, and what it says when pointed at."""

    on: date
    parts: Sequence[tuple[str, int]]
    words: str

    @property
    def total(self) -> int:
        return sum(number for _, number in self.parts)


def decisions_by_day(days: Sequence[DecidedDay]) -> Chart:
    columns = [Column(day.on, [(kind, getattr(day, kind)) for kind in KINDS], words_of(day)) for day in days]
    return drawn(
        columns,
        title=finding(days),
        unit=gettext("pictures"),
        days=[day for day in reversed(days) if day.total],
    )


def uses_by_day(days: Sequence[tuple[date, int]]) -> Chart:
    total = sum(number for _, number in days)
    busiest = max(days, key=lambda day: day[1])
    columns = [Column(on, [("uses", number)], f"{short(on)}: {number:,}") for on, number in days]
    title = gettext("Nothing was used in the last 30 days")
    if total:
        title = gettext("%(total)s uses in the last 30 days, most of them on %(day)s") % {
            "total": f"{total:,}",
            "day": short(busiest[0]),
        }
    return drawn(columns, title=title, unit=gettext("uses"))


def drawn(columns: Sequence[Column], *, title: str, unit: str, days: Sequence[DecidedDay] = ()) -> Chart:
    top = nice_top(max(column.total for column in columns))
    step = 100 / len(columns)
    return Chart(
        title=title,
        unit=unit,
        bars=[
            bar(column, index * step, step, top) for index, column in enumerate(columns) if column.total > 0
        ],
        lines=[Line(f"{y_of(value, top):.1f}", f"{value:,}") for value in (0, top // 2, top)],
        ticks=ticks([column.on for column in columns]),
        days=list(days),
    )


def ticks(days: Sequence[date]) -> list[Tick]:
    """The first and the last day and some between."""
    places = [round(number * (len(days) - 1) / (TICKS - 1)) for number in range(TICKS)]
    anchors = ["start", *["middle"] * (TICKS - 2), "end"]
    shares = [number * 100 / (TICKS - 1) for number in range(TICKS)]
    return [
        Tick(f"{share:.2f}", anchor, short(days[place]))
        for place, share, anchor in zip(places, shares, anchors, strict=True)
    ]


def short(day: date) -> str:
    return date_format(day, "j M")


def finding(days: Sequence[DecidedDay]) -> str:
    total = sum(day.total for day in days)
    if not total:
        return gettext("No picture was decided in the last 30 days")
    held = sum(day.flagged + day.rejected for day in days)
    return ngettext(
        "%(share)s %% of %(total)s picture was held back in the last 30 days",
        "%(share)s %% of %(total)s pictures were held back in the last 30 days",
        total,
    ) % {"share": f"{held * 100 / total:.0f}", "total": f"{total:,}"}


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


def bar(column: Column, x: float, step: float, top: int) -> Bar:
    pieces, below = [], 0
    for kind, number in column.parts:
        if number:
            y = y_of(below + number, top)
            pieces.append(Piece(kind, f"{y:.1f}", f"{y_of(below, top) - y:.1f}"))
        below += number
    return Bar(f"{x + step * GAP / 2:.2f}", f"{step * (1 - GAP):.2f}", pieces, column.words)


def words_of(day: DecidedDay) -> str:
    return gettext("%(day)s: %(approved)s approved, %(flagged)s flagged, %(rejected)s rejected") % {
        "day": short(day.on),
        "approved": day.approved,
        "flagged": day.flagged,
        "rejected": day.rejected,
    }
