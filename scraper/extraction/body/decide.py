"""The Decision on each block of a page, with reasons where they are asked for; read by extract.article.

The only module that imports trafilatura, where a page is in doubt; the workers of a crawl load it beforehand.
"""

from __future__ import annotations

import copy
from functools import cache
from importlib.metadata import version
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from lxml import etree

from scraper.extraction.body.block_measures import BlockMeasures
from scraper.extraction.body.choice import ASIDE, better, choose_blocks, refereed
from scraper.extraction.body.features import describe, plain_name
from scraper.extraction.body.reference_texts import find_reference_texts, main_prose
from scraper.extraction.body.trees import body_model
from scraper.extraction.page.blocks import Decision, Reasoning
from scraper.extraction.page.cutting import SKIPPED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import trafilatura
    from lxml.html import HtmlElement
    from numpy.typing import NDArray
    from trafilatura.settings import Extractor

    from scraper.extraction.body.choice import Choice
    from scraper.extraction.body.trees import Model
    from scraper.extraction.page.blocks import Segments
    from scraper.extraction.page.document import Document

TRAFILATURA_VERSION = version("trafilatura")
_MENU = "nav"
_SET_ASIDE = (_MENU, "footer", "aside", "button", "picture", "link", "meta")
"""What trafilatura takes out of its last copy of the tree, and what it copies several times for nothing."""
_NO_MENU = frozenset((
    "html", "body", "main", "article", "table", "tbody", "tr", "td", "p", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "br",
))  # fmt: skip
"""Elements that are no menu even where all their text is linked."""
_STANDS_ASIDE = Reasoning(name="a short line of links, or far from the text", weight=-6.9)
_LEAST_WEIGHT = 0.05
"""Log-odds below which a reason is not worth reading."""


def decide_blocks(document: Document, *, reasons: bool = False) -> list[Decision]:
    """Return a decision for each block of the page, in order, with its reasons where they are asked for."""
    return (
        decisions_of(document.segments, choose(document), reasons=reasons) if document.segments.blocks else []
    )


def choose(document: Document) -> Choice:
    """Return what is kept of a page that has a block."""
    segments = document.segments
    model, measures = body_model(), BlockMeasures(segments, find_reference_texts(document.harvest))
    first = choose_blocks(segments, describe(measures, main_prose(segments)), model)
    return refereed(
        better(first, lambda: choose_blocks(segments, describe(measures, choice_of_peer(document)), model)),
        segments,
        lambda: peer_text(document),
        model.referee,
    )


def decisions_of(segments: Segments, choice: Choice, *, reasons: bool) -> list[Decision]:
    """Return a choice as a decision for each block of its page."""
    model = body_model()
    described, kept = choice.described, set(choice.kept)
    scores = dict(zip(described.read, np.round(choice.scores, 6).tolist(), strict=True))
    rows = dict(zip(described.read, described.rows, strict=True)) if reasons else {}
    decisions = []
    for block in segments.blocks:
        index = block.index
        why: tuple[Reasoning, ...] = ()
        if reasons:
            rule, row = choice.ruled.get(index), rows.get(index)
            why = (rule,) if rule else (_STANDS_ASIDE,) if row is None else reasons_of(model, row)
        decisions.append(Decision(block, index in kept, scores.get(index, ASIDE), why))
    return decisions


def body_text(decisions: Sequence[Decision]) -> str:
    """Return the kept blocks, one a line."""
    return "\n".join(decision.block.text for decision in decisions if decision.kept)


def peer_text(document: Document) -> str:
    """Return trafilatura's text as its users ask for it: slower than its choice among the clues, surer."""
    found = as_users_ask(document.text, document.page.url, with_metadata=False)
    return (found.text or "") if found else ""


def as_users_ask(
    text: str, url: str | None, *, with_metadata: bool = True
) -> trafilatura.settings.Document | None:
    """Return what trafilatura finds on a page, metadata too; None where that is nothing.

    The text is the same without them, and its first search for a date takes seconds.
    """
    import trafilatura

    found = trafilatura.bare_extraction(text, url=url, include_comments=False, with_metadata=with_metadata)
    return found if found and not isinstance(found, dict) else None


def choice_of_peer(document: Document) -> list[str]:
    """Return the lines that trafilatura takes for the body; the tree stays as it is."""
    assert document.tree is not None
    return _trafilatura(_without_menus(document.tree, document.segments)).split("\n")


def _without_menus(tree: HtmlElement, segments: Segments) -> HtmlElement:
    """Return a copy of the tree without what trafilatura sets aside, empty elements, and menus.

    It takes a third of the time to read, and 5 of 6 pages give the same text; where they differ, it is by a
    line of links.
    """
    own = copy.deepcopy(tree)
    etree.strip_elements(own, *SKIPPED, with_tail=False)
    lengths = list(accumulate((len(block.text) for block in segments.blocks), initial=0))
    linked = list(accumulate((span.linked for span in segments.spans), initial=0))
    menus = {
        container.order
        for container in segments.containers
        if linked[container.last] - linked[container.first]
        == lengths[container.last] - lengths[container.first]
    }
    menus.update(segments.empty)
    for order, element in enumerate(own.iter()):
        if order in menus and element.tag not in _NO_MENU:
            element.tag = _MENU
    etree.strip_elements(own, *_SET_ASIDE, with_tail=False)
    return own


def _trafilatura(tree: HtmlElement) -> str:
    """Return trafilatura's text of a tree that is its own to change.

    Its fallbacks are not asked: where its choice is a poor one, the page is described a second time without
    it, and out of fold they add nothing to that.
    """
    import trafilatura

    found = trafilatura.bare_extraction(tree, options=_options())
    return (found.text or "") if found and not isinstance(found, dict) else ""


@cache
def _options() -> Extractor:
    from trafilatura.settings import Extractor

    # made once: reading trafilatura's configuration takes half a millisecond
    return Extractor(output_format="python", comments=False, dedup=False, with_metadata=False, fast=True)


def reasons_of(model: Model, row: NDArray[np.float32]) -> tuple[Reasoning, ...]:
    """Return what moved the score of a row, the strongest first, like columns together."""
    weights: dict[str, float] = {}
    for column, weight in model.contributions(row).items():
        name = plain_name(column)
        weights[name] = weights.get(name, 0.0) + weight
    ordered = sorted(weights.items(), key=lambda item: (-abs(item[1]), item[0]))
    return tuple(
        Reasoning(name=name, weight=round(weight, 3))
        for name, weight in ordered
        if abs(weight) >= _LEAST_WEIGHT
    )
