"""What was found for a field, and which finding won and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Any

from scraper.model import ABSENT, Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_MAX_RAW = 300
_ONLY = "said nowhere else"
_RIGHTEST = "no two places say the same; what this one says is right most often"
_OUTNUMBERED, _LESS_OFTEN_RIGHT = "other places agree on another value", "this place is less often right"
_SAME = "says the same"
_SOCIAL = ("meta:og:", "meta:article:", "meta:twitter:")
_PLACES = {
    "printed": "the printed page",
    "declared": "what it tells search engines and social networks",
    "search": "what it tells search engines",
    "social": "what it tells social networks",
    "address": "its address",
    "listing": "the feed or sitemap",
    "site": "the site's settings",
}
"""Each group in the words of an explanation's reader."""
_OTHERS = {"url": "address", "feed": "listing", "sitemap": "listing", "site": "site"}


# a page has dozens, and a frozen one takes three times as long to make; none is changed all the same
@dataclass(slots=True, kw_only=True)
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
    binding: bool = False
    """It is no evidence to be weighed: a rule of its field or the site's settings have decided."""
    why: str = ""
    """In a few words, for the reader of an explanation."""


def finding(
    source: str,
    raw: str,
    value: Any,  # noqa: ANN401 - any field's
    score: float,
    why: str = "",
    *,
    binding: bool = False,
) -> Finding:
    """Return a finding that has not won yet."""
    return Finding(source=source, raw=raw[:_MAX_RAW], value=value, score=score, why=why, binding=binding)


@lru_cache(maxsize=1_024)
def group(source: str) -> str:
    """Return who speaks: what a page prints, tells search engines or social networks, its address, a listing.

    >>> group("html:h1"), group("text:byline"), group("json-ld"), group("meta:og:title")
    ('printed', 'printed', 'search', 'social')
    """
    if source.startswith(("html:", "text:")) and source != "html:title":
        return "printed"
    if source.startswith(_SOCIAL):
        return "social"
    return _OTHERS.get(source, "search")


def settle(
    found: Sequence[Finding],
    key: Callable[[Any], object] = lambda value: value,
    speaker: Callable[[str], str] = group,
) -> tuple[Finding, ...]:
    """Return the findings with the winner marked: the surest one of the value that the most groups give.

    Findings whose keys are equal say the same. A group counts once, however many copies it holds; scores
    decide only between values of as many groups. `speaker` tells the group of a source; what is binding wins.
    """
    if not found:
        return ()
    if len(found) == 1:
        (only,) = found
        return (_winning(only, only.score, only.why or _ONLY),)
    doubts: dict[object, dict[str, float]] = {}
    said = [key(item.value) for item in found]
    for item, what in zip(found, said, strict=True):
        groups = doubts.setdefault(what, {})
        name = speaker(item.source)
        groups[name] = min(1 - item.score, groups.get(name, 1.0))
    bound = {what for item, what in zip(found, said, strict=True) if item.binding}
    chosen = max(bound or doubts, key=lambda what: (len(doubts[what]), -prod(doubts[what].values())))
    best = max(
        (index for index, what in enumerate(said) if what == chosen),
        key=lambda index: (found[index].binding, found[index].score, -index),
    )
    marked = [
        item if item.why else _marked(item, _said_of(what, chosen, doubts))
        for item, what in zip(found, said, strict=True)
    ]
    score = 1 - prod(doubts[chosen].values())
    marked[best] = _winning(found[best], score, _why(found[best], doubts[chosen], is_only=len(doubts) == 1))
    return tuple(marked)


def _said_of(what: object, chosen: object, doubts: Mapping[object, Mapping[str, float]]) -> str:
    """Return why a finding that has not won has not."""
    if what == chosen:
        return _SAME
    return _OUTNUMBERED if len(doubts[what]) < len(doubts[chosen]) else _LESS_OFTEN_RIGHT


def _why(won: Finding, groups: Iterable[str], *, is_only: bool) -> str:
    """Return why a finding has won: its own reason, and which groups say the same."""
    places = [_PLACES[name] for name in _PLACES if name in groups]
    if len(places) > 1:
        agreed = f"{', '.join(places[:-1])} and {places[-1]} say the same"
        return f"{won.why}; {agreed}" if won.why else agreed
    return won.why or (_ONLY if is_only else _RIGHTEST)


# built anew both times, as replacing takes three times as long
def _winning(item: Finding, score: float, why: str) -> Finding:
    return Finding(
        source=item.source, raw=item.raw, value=item.value, score=round(score, 3), won=True, why=why
    )


def _marked(item: Finding, why: str) -> Finding:
    return Finding(source=item.source, raw=item.raw, value=item.value, score=item.score, why=why)


def winner(found: Sequence[Finding]) -> Finding | None:
    """Return the finding that won."""
    return next((item for item in found if item.won), None)


def provenance(found: Sequence[Finding]) -> Provenance:
    """Return where the winner came from."""
    won = winner(found)
    return Provenance(source=won.source, raw=won.raw, confidence=won.score) if won else ABSENT
