"""The Judgement on a page: its kind, how sure, and the evidence in a sentence; read by extract.article."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.extraction.page.filetype import foreign_content
from scraper.extraction.verdict.markup_patterns import HOME
from scraper.extraction.verdict.observations import observe
from scraper.extraction.verdict.signals import LIVE, OTHERWISE_NAMED, TEASER, Detection, run_detectors
from scraper.extraction.verdict.weights import load_weights
from scraper.extraction.verdict.witnesses import hear
from scraper.model import Kind, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.extraction.fields.metadata import Metadata
    from scraper.extraction.page.blocks import Decision
    from scraper.extraction.page.document import Document
    from scraper.extraction.verdict.observations import Traits
    from scraper.extraction.verdict.signals import Cue
    from scraper.model import Page, Site

MOST_PAGE_BYTES = 50_000_000
"""Nine times the largest of 1,558 real pages; more is not even decoded."""
_CUT = 2.0
_LIVE = 2.0
_ANNOUNCED = "a feed, a news sitemap or the site's own pattern announced it as an article"
_TOLD = 2.0
"""Shown of an announcement and of a rule; nothing is decided by it."""
_FEW = 20
"""Words that are seen of a page which is empty: the shortest text of 1,958 articles has 21, its page 70."""
_BY_RULE = 0.95
"""Confidence of what a rule decides."""


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
    weights, least = load_weights(), document.site.least_confidence
    is_announced = _is_announced(document.page, document.site, traits)
    bound = weights.refuse if least is None else least
    lasting = min(bound, weights.refuse)
    found = run_detectors(traits, weights)
    if traits.status >= 400:  # noqa: PLR2004
        return _judge_status(traits, found, 1 - weights.refuse)
    for each in found:
        # an announcement, and the doubt that a site bears, reach lasting kinds alone
        if each.kind.is_lasting and is_announced:
            continue
        if each.likelihood > 1 - (lasting if each.kind.is_lasting else weights.refuse):
            return _detected(each)
    if not is_announced and lasting > 1 - _BY_RULE and (declared := _declared(traits)):
        return declared
    live = _holding(LIVE, traits)
    if _total(live) >= _LIVE:
        return _by_rule(Kind.LIVE_BLOG, live, _total(live) - _LIVE)
    told = _judge_story(traits, is_announced=is_announced, refuse=bound)
    is_empty = traits.words < _FEW or (traits.kept_words == 0 and told.kind is not Kind.LIST)
    return _empty(traits) if is_empty else told


def _judge_status(traits: Traits, found: Sequence[Detection], least: float) -> Judgement:
    """Tell an error from a wall: a page with the status of an error is one of both."""
    walls = (each for each in found if each.kind is Kind.BOT_WALL and each.likelihood > least)
    if wall := next(walls, None):
        return _detected(wall)
    error = next(each for each in found if each.kind is Kind.ERROR)
    said = (
        (f"the HTTP status is {traits.status}", _TOLD),
        *(each for each in error.said[:-1] if each[1] > 0),
    )
    return _refusal(Kind.ERROR, said)


def _refusal(kind: Kind, said: tuple[tuple[str, float], ...], confidence: float = _BY_RULE) -> Judgement:
    return Judgement(
        kind=kind,
        confidence=confidence,
        evidence=_sentences(said),
        signals=said,
        reason=Reason(kind.value),
    )


def _detected(found: Detection) -> Judgement:
    return _refusal(found.kind, found.said, round(found.likelihood, 2))


def _declared(traits: Traits) -> Judgement | None:
    """Return the refusal of a page whose headline is, by its own data, that of a notice or a list: a rule."""
    held = ((kind, cue) for kind, cue in OTHERWISE_NAMED if cue.holds(traits))
    return next((_refusal(kind, ((cue.says, _TOLD),)) for kind, cue in held), None)


def _empty(traits: Traits) -> Judgement:
    none, few = "no block of the page reads like an article", f"fewer than {_FEW} words are visible"
    said = tuple(
        (says, _TOLD) for says, holds in ((none, not traits.kept_words), (few, traits.words < _FEW)) if holds
    )
    return _refusal(Kind.EMPTY, said)


def _judge_story(traits: Traits, *, is_announced: bool, refuse: float) -> Judgement:
    """Tell one story from a page of many and from wares, by what independent witnesses say together."""
    weights = load_weights()
    opinion = hear(traits, weights)
    if opinion.likelihood < refuse and not is_announced:
        said = tuple((says, -weight) for says, weight in (*opinion.said, opinion.prior))
        return _refusal(opinion.otherwise, said, round(1 - opinion.likelihood, 2))
    in_doubt = opinion.likelihood < weights.doubt
    announced = ((_ANNOUNCED, _TOLD),) if in_doubt and is_announced else ()
    cut = _holding(TEASER, traits)
    is_cut = _total(cut) >= _CUT
    if is_cut and not in_doubt:
        return _by_rule(Kind.TEASER, cut, _total(cut) - _CUT)
    said = (*announced, *(cut if is_cut else ()), *opinion.said)
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


def _holding(table: Iterable[tuple[float, Cue]], traits: Traits) -> tuple[tuple[str, float], ...]:
    return tuple((sign.says, weight) for weight, sign in table if sign.holds(traits))


def _total(said: Iterable[tuple[str, float]]) -> float:
    return sum(weight for _, weight in said)


def _by_rule(kind: Kind, said: tuple[tuple[str, float], ...], margin: float) -> Judgement:
    return Judgement(
        kind=kind,
        # 0.5 at the margin, 0.88 where two full signs lie beyond it
        confidence=round(1 / (1 + math.exp(-margin)), 2),
        evidence=_sentences(said, "nothing speaks against an article"),
        signals=said,
    )
