"""The Judgement on a page: its kind, how sure, and the evidence in a sentence; read by extract.article."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.extract.page.filetype import foreign_content
from scraper.extract.verdict.markup_patterns import HOME
from scraper.extract.verdict.observations import observe
from scraper.extract.verdict.signals import LIVE, SIGNALS, TEASER, Signal
from scraper.extract.verdict.witnesses import hear, load_weights
from scraper.model import Kind, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.extract.fields.metadata import Metadata
    from scraper.extract.page.blocks import Decision
    from scraper.extract.page.document import Document
    from scraper.extract.verdict.observations import Traits
    from scraper.model import Page, Site

MARGIN = 1.0
"""What the signals of a wall, an error, a form or an empty page must exceed an article's by."""
MOST_PAGE_BYTES = 50_000_000
"""Nine times the largest of 1,558 real pages; more is not even decoded."""
_NAMED = 1.5
"""Signals of any other kind that go before those of an empty page."""
_CUT = 2.0
_LIVE = 2.0
_ANNOUNCED = "a feed, a news sitemap or the site's own pattern announced it as an article"
_TOLD_BY_OTHERS = 2.0
"""Shown of an announcement; nothing is decided by it."""
_FEW = 20
"""Words that are seen of a page which is empty, whatever else speaks for a list."""
_WARES = 1.0
"""Signals of what is no news that name a refused page so, where it would be a list otherwise."""


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
    in_doubt: bool = False
    """The page is kept, but more likely no article, or only kept because a source announced it as one."""


def judge_content(page: Page) -> Judgement | None:
    """Return the judgement on content that is no page at all, None where it may be one."""
    if len(page.content) > MOST_PAGE_BYTES:
        evidence = f"{len(page.content):,} bytes are more than any page has"
        return Judgement(kind=Kind.EMPTY, confidence=1.0, evidence=evidence, reason=Reason.TOO_LARGE)
    foreign = foreign_content(page.content, content_type=page.content_type, is_text=page.is_text)
    if foreign is None:
        return None
    evidence = f"the content is {foreign}, not {'text' if page.is_text else 'a page'}"
    return Judgement(kind=Kind.EMPTY, confidence=1.0, evidence=evidence, reason=Reason.NOT_HTML)


def judge(document: Document, decisions: Sequence[Decision], metadata: Metadata) -> Judgement:
    """Return what the page is."""
    if document.tree is None:
        return _judge_text(document, decisions)
    traits = observe(document, decisions, metadata)
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
    is_announced = _is_announced(document.page, document.site, traits)
    if margin > MARGIN and kind is not Kind.EMPTY and not (kind.is_lasting and is_announced):
        return _judgement(kind, margin - MARGIN, found[kind], article)
    live = _weigh(LIVE, traits).get(Kind.LIVE_BLOG, [])
    if _total(live) >= _LIVE:
        return _judgement(Kind.LIVE_BLOG, _total(live) - _LIVE, live, [])
    told = _judge_story(
        traits,
        is_announced=is_announced,
        wares=score.get(Kind.NOT_NEWS, 0.0),
        least=document.site.least_confidence,
    )
    if margin > MARGIN and kind is Kind.EMPTY and (told.kind is not Kind.LIST or traits.words < _FEW):
        return _judgement(kind, margin - MARGIN, found[kind], article)
    return told


def _judge_story(traits: Traits, *, is_announced: bool, wares: float, least: float | None) -> Judgement:
    """Tell one story from a page of many and from wares, by what independent witnesses say together."""
    weights = load_weights()
    opinion = hear(traits, weights)
    refuse = weights.refuse if least is None else least
    if opinion.likelihood < refuse and not is_announced:
        kind = Kind.NOT_NEWS if wares >= _WARES else Kind.LIST
        said = tuple((says, -weight) for says, weight in (*opinion.said, opinion.prior))
        return Judgement(
            kind=kind,
            confidence=round(1 - opinion.likelihood, 2),
            evidence=_sentences(said),
            signals=said,
            reason=Reason(kind.value),
        )
    in_doubt = opinion.likelihood < weights.doubt
    announced = ((_ANNOUNCED, _TOLD_BY_OTHERS),) if in_doubt and is_announced else ()
    cut = _weigh(TEASER, traits).get(Kind.TEASER, [])
    is_cut = _total(cut) >= _CUT
    if is_cut and not in_doubt:
        return _judgement(Kind.TEASER, _total(cut) - _CUT, cut, [])
    said = (*announced, *((signal.says, signal.weight) for signal in cut if is_cut), *opinion.said)
    evidence = _both_sides((*said, opinion.prior)) if in_doubt else _sentences(said)
    return Judgement(
        kind=Kind.TEASER if is_cut else Kind.ARTICLE,
        confidence=round(opinion.likelihood, 2),
        evidence=evidence,
        signals=(*said, opinion.prior),
        in_doubt=in_doubt,
    )


def _is_announced(page: Page, site: Site, traits: Traits) -> bool:
    """Tell whether the site names the page as an article: a rule, since no corpus knows it.

    By a feed, a news sitemap, or the patterns of its articles' addresses. A plain sitemap names every page of
    its site; a home page is a source itself.
    """
    hints, address = page.hints, page.url or ""
    is_listed = hints is not None and (hints.source == "feed" or bool(hints.title or hints.published))
    return (is_listed or bool(site.claims(address))) and not HOME.match(traits.path)


def _sentences(said: Sequence[tuple[str, float]], otherwise: str = "nothing speaks for anything else") -> str:
    return "; ".join(says for says, weight in said if weight > 0) or otherwise


def _both_sides(said: Sequence[tuple[str, float]]) -> str:
    """Return what speaks for an article and what against it: an editor who looks at it wants both."""
    against = _sentences([(says, -weight) for says, weight in said], otherwise="")
    return _sentences(said, otherwise="nothing speaks for an article") + (
        f"; but {against}" if against else ""
    )


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
    return Judgement(
        kind=kind,
        # 0.5 at the margin, 0.88 where two full signals lie beyond it
        confidence=round(1 / (1 + math.exp(-margin)), 2),
        evidence=_sentences(named, "nothing speaks against an article"),
        signals=tuple(named),
        reason=None if kind.is_stored else Reason(kind.value),
    )
