"""Charts of days and shares as places in a drawing; templates draw them, each with a table behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from scraper.store.service.coverage import Day

WIDTH, HEIGHT = 100.0, 40.0
"""Of a drawing of days: it is stretched to the width of its page."""
_GAP = 0.2
"""Share of a day's room that is left free."""
DAY_OUTCOMES = ("stored", "revised", "unchanged", "refused", "failed")
"""What can become of a page, each with a colour of its own in the style sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A rectangle of a drawing."""

    kind: str
    """The class that colours it."""
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars side by side, each of several pieces on each other."""

    title: str
    kinds: tuple[str, ...]
    rows: Sequence[tuple[str, tuple[int, ...]]]
    """What a bar stands for, and a number for each kind."""

    @property
    def most(self) -> int:
        """What the highest bar stands for."""
        return max((sum(numbers) for _, numbers in self.rows), default=0)

    @property
    def pieces(self) -> Sequence[Piece]:
        """The drawing."""
        return list(self._drawn())

    def _drawn(self) -> Iterator[Piece]:
        room = WIDTH / max(len(self.rows), 1)
        for place, (_, numbers) in enumerate(self.rows):
            y = HEIGHT
            for kind, number in zip(self.kinds, numbers, strict=True):
                if number:
                    height = HEIGHT * number / self.most
                    y -= height
                    yield Piece(
                        kind=kind,
                        x=round(room * (place + _GAP / 2), 3),
                        y=round(y, 3),
                        width=round(room * (1 - _GAP), 3),
                        height=round(height, 3),
                    )


def days_chart(
    title: str, days: Sequence[Day], first: date, last: date, kinds: Sequence[str] = DAY_OUTCOMES
) -> Chart:
    """Return a bar for each day from the first to the last, those without a line empty."""
    by_day = {line.day: _numbers(line, kinds) for line in days}
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    none = (0,) * len(kinds)
    return Chart(
        title=title, kinds=tuple(kinds), rows=[(day.isoformat(), by_day.get(day, none)) for day in every]
    )


def _numbers(line: Day, kinds: Sequence[str]) -> tuple[int, ...]:
    counts = outcome_counts(line)
    return tuple(counts[kind] for kind in kinds)


def outcome_counts(*lines: Day) -> dict[str, int]:
    """Return how many pages came to which outcome."""
    return {
        "stored": sum(line.stored for line in lines),
        "revised": sum(line.revised for line in lines),
        "unchanged": sum(line.unchanged for line in lines),
        "refused": sum(line.refused for line in lines),
        "failed": sum(sum(line.failed.values()) for line in lines),
    }


def shares(counts: dict[str, int]) -> Sequence[Piece]:
    """Return one bar across the whole width, of pieces as long as their shares of all."""
    total, x, pieces = sum(counts.values()), 0.0, []
    for kind, number in counts.items():
        if number:
            width = WIDTH * number / total
            pieces.append(Piece(kind=kind, x=round(x, 3), y=0, width=round(width, 3), height=1))
            x += width
    return pieces


def places_in_time(moments: Sequence[float]) -> Sequence[float]:
    """Return where moments lie on a line of the width, the first at its beginning, the last at its end.

    >>> places_in_time([10, 20, 60])
    [0.0, 20.0, 100.0]
    """
    if not moments:
        return []
    first, span = min(moments), max(moments) - min(moments)
    return [round(WIDTH * (moment - first) / span, 3) if span else 0.0 for moment in moments]
