"""What was found for a field, and which finding won and why."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.model import ABSENT, Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MAX_RAW = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One candidate of a field."""

    source: str
    """As in a provenance: json-ld, meta:NAME, html:SELECTOR, text:RULE, url and so on."""
    raw: str
    """As it stood there, at most 300 characters."""
    value: Any
    """What would be stored."""
    score: float
    """From 0 to 1: how sure the source is of this field, before others agree."""
    won: bool = False
    why: str = ""
    """In a few words, for the reader of an explanation."""


def finding(source: str, raw: str, value: Any, score: float, why: str = "") -> Finding:  # noqa: ANN401 - any field's
    """Return a finding that has not won yet."""
    return Finding(source=source, raw=raw[:_MAX_RAW], value=value, score=score, why=why)


def settle(
    found: Sequence[Finding], key: Callable[[Any], object] = lambda value: value
) -> tuple[Finding, ...]:
    """Return the findings with the winner marked: the highest score, the first of equals.

    Findings whose keys are equal agree; each of another source raises the winner's score by a third of what
    is missing to 1.
    """
    if not found:
        return ()
    best = max(range(len(found)), key=lambda index: (found[index].score, -index))
    winner = found[best]
    said = [key(item.value) for item in found]
    agrees = [what == said[best] for what in said]
    others = {item.source for item, same in zip(found, agrees, strict=True) if same} - {winner.source}
    score = 1 - (1 - winner.score) * (2 / 3) ** len(others)
    why = winner.why or ("the surest source" if len(found) > 1 else "the only source")
    if others:
        why += f"; {len(others)} more agree{'s' * (len(others) == 1)}"
    marked = [
        dataclasses.replace(item, why="agrees") if same and not item.why else item
        for item, same in zip(found, agrees, strict=True)
    ]
    marked[best] = dataclasses.replace(winner, won=True, score=round(score, 3), why=why)
    return tuple(marked)


def winner(found: Sequence[Finding]) -> Finding | None:
    """Return the finding that won."""
    return next((item for item in found if item.won), None)


def provenance(found: Sequence[Finding]) -> Provenance:
    """Return where the winner came from."""
    won = winner(found)
    return Provenance(source=won.source, raw=won.raw, confidence=won.score) if won else ABSENT
