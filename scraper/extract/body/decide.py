"""The body: which blocks of a page are the article. The only module that imports trafilatura."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import trafilatura
from lxml import etree
from trafilatura.settings import Extractor

from scraper.extract.body.block_measures import BlockMeasures
from scraper.extract.body.features import describe, plain_name
from scraper.extract.body.reference_texts import find_reference_texts, in_main_prose
from scraper.extract.body.trees import body_model
from scraper.extract.page.blocks import SKIPPED, Decision, Reasoning
from scraper.extract.words.wording import estimate_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.html import HtmlElement
    from numpy.typing import NDArray

    from scraper.extract.body.features import Description
    from scraper.extract.body.reference_texts import ReferenceTexts
    from scraper.extract.body.trees import Model
    from scraper.extract.page.blocks import Segments
    from scraper.extract.page.document import Document

TRAFILATURA_VERSION = version("trafilatura")
_MENU = "nav"
_SET_ASIDE = (_MENU, "footer", "aside", "button", "picture", "link", "meta")
"""What trafilatura takes out of its last copy of the tree, and what it copies several times for nothing."""
_NO_MENU = frozenset((
    "html", "body", "main", "article", "table", "tbody", "tr", "td", "p", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "br",
))  # fmt: skip
"""Elements that are no menu even where all their text is linked."""
_ASIDE = 0.001
"""The score of a block that is not worth a closer look: of 121 news pages 1 in 1,300 belonged to the body."""
_LEADS_AWAY = Reasoning(name="a link to another story, which says so", weight=-6.9)
"""No reader takes it for text; of those that the model keeps, half stand in what a corpus calls the body."""
_STANDS_ASIDE = Reasoning(name="a short line of links, or far from what trafilatura kept", weight=-6.9)
_SURE = 0.95
"""Expected word F1 from which a choice is taken as it is."""
_MOST_WORDS = 400
"""Words of a block that count for the F1 that is expected: few paragraphs have more, a wall of bait has."""
_GAP = 0.5
"""Share of the threshold that a block between two kept ones of its group must reach: out of fold from 0.3 to
0.7 shingle F1 rises by .0004 to .0006 on news, .0005 to .0010 elsewhere."""
_LEAST_SCORE = 0.35
"""No block of a page is kept below this, whatever the rest of the page is like."""
_LEAST_WEIGHT = 0.05
"""Log-odds below which a reason is not worth reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the model keeps of a page whose blocks were described by somebody's first choice."""

    described: Description
    scores: NDArray[np.float64]
    """Of the described blocks, from 0 to 1."""
    kept: NDArray[np.bool_]
    expected: float
    """The word F1 that the scores let expect, from 0 to 1."""


def decide_blocks(document: Document, *, reasons: bool = False) -> list[Decision]:
    """Return a decision for each block of the page, in order, with its reasons where they are asked for."""
    segments = document.segments
    if not segments.blocks:
        return []
    model, references, measures = body_model(), clues_of(document), BlockMeasures(segments)
    choice = better(
        choose(segments, describe(measures, references), model),
        lambda: choose(segments, describe(measures, in_main_prose(references, segments)), model),
    )
    described = choice.described
    figures = (choice.scores.tolist(), choice.kept.tolist(), described.leads.tolist(), described.rows)
    looked_at = dict(zip(described.read, zip(*figures, strict=True), strict=True))
    decisions = []
    for block in segments.blocks:
        if block.index in looked_at:
            score, keep, leads, row = looked_at[block.index]
            why = () if not reasons else (_LEADS_AWAY,) if leads else reasons_of(model, row)
        else:
            score, keep, why = _ASIDE, False, (_STANDS_ASIDE,) if reasons else ()
        decisions.append(Decision(block=block, kept=keep, score=round(score, 6), reasons=why))
    return decisions


def better(first: Choice, second: Callable[[], Choice]) -> Choice:
    """Return the choice that is expected to be better; the second is made where the first is in doubt."""
    if first.expected >= _SURE:
        return first
    other = second()
    return other if other.expected > first.expected else first


def choose(segments: Segments, described: Description, model: Model) -> Choice:
    """Return what the model keeps of the described blocks."""
    counts = [estimate_words(segments.blocks[index].text) for index in described.read]
    words = np.minimum(counts, _MOST_WORDS)
    scores = even_lists(model.scores(described.rows), described.lists)
    scores[described.leads] = _ASIDE
    expected = expected_f1(scores, words)
    least = max(expected * model.threshold, _LEAST_SCORE)
    kept = fill_gaps(scores > least, scores > least * _GAP, described)
    return Choice(described=described, scores=scores, kept=kept, expected=expected)


def fill_gaps(
    kept: NDArray[np.bool_], likely: NDArray[np.bool_], described: Description
) -> NDArray[np.bool_]:
    """Return what is kept with each likely block that stands alone between two kept ones of its group."""
    read, groups = np.array(described.read), described.groups
    between = np.zeros(len(kept), dtype=bool)
    between[1:-1] = (
        (kept[:-2] & kept[2:])
        & (read[2:] - read[:-2] == 2)  # noqa: PLR2004 - next to each other on the page
        & (groups[1:-1] == groups[:-2])
        & (groups[1:-1] == groups[2:])
    )
    return kept | (between & likely)


def even_lists(scores: NDArray[np.float64], lists: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the scores where the items of one list share the mean of their log-odds.

    A list is printed whole or not at all: out of fold word F1 rises by .0006 on news, .0003 elsewhere.
    """
    odds = np.log(np.clip(scores, 1e-4, 1 - 1e-4))
    odds -= np.log(np.clip(1 - scores, 1e-4, 1 - 1e-4))
    for items in np.unique(lists[lists >= 0]):
        odds[lists == items] = odds[lists == items].mean()
    return np.where(lists >= 0, 1 / (1 + np.exp(-odds)), scores)


def expected_f1(scores: NDArray[np.float64], words: NDArray[np.float64]) -> float:
    """Return the word F1 that the best choice of blocks may be expected to have, from 0 to 1.

    Where scores are probabilities, that choice keeps the blocks above half of that F1 (Lipton et al., Optimal
    thresholding of classifiers to maximize F1, 2014): a page that is plain is cut sharply, one that is not
    keeps what is in doubt. Above half, recall is given up for precision.
    """
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum((scores * words)[order])
    best = 2 * found / np.maximum(np.cumsum(words[order]) + found[-1:], 1)  # 1: no block has a word
    return float(best.max(initial=0.0))


def body_text(decisions: Sequence[Decision]) -> str:
    """Return the kept blocks, one a line."""
    return "\n".join(decision.block.text for decision in decisions if decision.kept)


def clues_of(document: Document) -> ReferenceTexts:
    """Return what the page says of its body, trafilatura's choice included; the tree stays as it is."""
    assert document.tree is not None
    text = _trafilatura(_without_menus(document.tree, document.segments))
    return find_reference_texts(document.harvest, text.split("\n"))


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
    found = trafilatura.bare_extraction(tree, options=_options())
    return (found.text or "") if found and not isinstance(found, dict) else ""


@cache
def _options() -> Extractor:
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
