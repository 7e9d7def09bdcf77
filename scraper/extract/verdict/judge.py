"""What a page is: an article, or one of the things that must never become one."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.extract.page.filetype import foreign_content
from scraper.extract.verdict.observations import observe
from scraper.extract.verdict.signals import LIVE, SIGNALS, TEASER, Signal
from scraper.model import Kind, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.extract.fields.metadata import Metadata
    from scraper.extract.page.blocks import Decision
    from scraper.extract.page.document import Document
    from scraper.extract.verdict.observations import Traits
    from scraper.model import Page

MARGIN = 1.0
"""What a kind's signals must exceed an article's by: of 913 true articles 4 lie beyond it, two of them
without text in their markup and two of them lists."""
MOST_BYTES = 50_000_000
"""Nine times the largest of 1,558 real pages; more is not even decoded."""
_NAMED = 1.5
"""Signals of any other kind that go before those of an empty page."""
_CUT = 2.0
_LIVE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The kind of a page, how sure, and the evidence in one sentence."""

    kind: Kind
    confidence: float
    """From 0 to 1."""
    evidence: str
    signals: tuple[tuple[str, float], ...] = ()
    """What spoke for the kind (above 0) and against it, with its weight."""
    reason: Reason | None = None
    """Why the page is rejected; None where it becomes an article."""


def judge_content(page: Page) -> Judgement | None:
    """Return the judgement on content that is no page at all, None where it may be one."""
    if len(page.content) > MOST_BYTES:
        evidence = f"{len(page.content):,} bytes are more than any page has"
        return Judgement(kind=Kind.EMPTY, confidence=1.0, evidence=evidence, reason=Reason.TOO_LARGE)
    foreign = foreign_content(page.content, content_type=page.content_type, is_text=page.is_text)
    if foreign is None:
        return None
    evidence = f"the content is {foreign}, not {'text' if page.is_text else 'a page'}"
    return Judgement(kind=Kind.EMPTY, confidence=1.0, evidence=evidence, reason=Reason.NOT_HTML)


def judge(document: Document, decisions: Sequence[Decision], metadata: Metadata) -> Judgement:
    """Return what the page is."""
    del metadata
    if document.tree is None:
        return _judge_text(document, decisions)
    traits = observe(document, decisions)
    found = _weigh(SIGNALS, traits)
    article = found.pop(Kind.ARTICLE, [])
    score = {kind: _total(signals) for kind, signals in found.items()}
    # whatever else a page is, it may hold no text that reads like an article: that comes last
    named = {
        kind: total for kind, total in score.items() if kind is not Kind.EMPTY and total >= _NAMED
    } or score
    kind = max(named, key=lambda kind: (named[kind], kind.value), default=Kind.ARTICLE)
    margin = score.get(kind, 0.0) - _total(article)
    if traits.status >= 400 and not score.get(Kind.BOT_WALL, 0) > score[Kind.ERROR]:  # noqa: PLR2004
        kind, margin = Kind.ERROR, max(margin, MARGIN + 2)
    if margin > MARGIN:
        return _judgement(kind, margin - MARGIN, found[kind], article)
    return _judge_article(traits, article, MARGIN - margin)


def _judge_article(traits: Traits, article: list[Signal], margin: float) -> Judgement:
    """Tell the whole article from the live blog and from the one that a paywall cut."""
    live = _weigh(LIVE, traits).get(Kind.LIVE_BLOG, [])
    if _total(live) >= _LIVE:
        return _judgement(Kind.LIVE_BLOG, _total(live) - _LIVE, live, [])
    cut = _weigh(TEASER, traits).get(Kind.TEASER, [])
    if _total(cut) >= _CUT:
        return _judgement(Kind.TEASER, _total(cut) - _CUT, cut, [])
    return _judgement(Kind.ARTICLE, margin, article, [])


def _judge_text(document: Document, decisions: Sequence[Decision]) -> Judgement:
    """Judge a dump without markup, or a page that nothing could be parsed of."""
    if document.page.status >= 400:  # noqa: PLR2004
        evidence = f"HTTP status {document.page.status}"
        return Judgement(kind=Kind.ERROR, confidence=0.95, evidence=evidence, reason=Reason.ERROR)
    if any(decision.kept for decision in decisions):
        return Judgement(kind=Kind.ARTICLE, confidence=0.7, evidence="the text reads like an article")
    evidence = "no line of the text reads like an article"
    return Judgement(kind=Kind.EMPTY, confidence=0.8, evidence=evidence, reason=Reason.EMPTY)


def _weigh(table: Iterable[Signal], traits: Traits) -> dict[Kind, list[Signal]]:
    found = defaultdict(list)
    for signal in table:
        if signal.holds(traits):
            found[signal.kind].append(signal)
    return dict(found)


def _total(signals: Iterable[Signal]) -> float:
    return sum(signal.weight for signal in signals)


def _judgement(kind: Kind, margin: float, signals: list[Signal], against: list[Signal]) -> Judgement:
    named = [(signal.says, signal.weight) for signal in signals] + [(s.says, -s.weight) for s in against]
    evidence = "; ".join(says for says, weight in named if weight > 0) or "nothing speaks against an article"
    return Judgement(
        kind=kind,
        # 0.5 at the margin, 0.88 where two full signals lie beyond it
        confidence=round(1 / (1 + math.exp(-margin)), 2),
        evidence=evidence,
        signals=tuple(named),
        reason=None if kind.is_stored else Reason(kind.value),
    )
