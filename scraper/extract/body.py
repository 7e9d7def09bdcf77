"""The body: which blocks of a page are the article. The only module that imports trafilatura."""

from __future__ import annotations

import copy
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import trafilatura
from lxml import etree

from scraper.extract.blocks import Decision, Reasoning, segment
from scraper.extract.clues import find_clues
from scraper.extract.features import describe, plain_name
from scraper.extract.trees import body_model
from scraper.extract.wording import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement
    from numpy.typing import NDArray

    from scraper.extract.blocks import Segments
    from scraper.extract.clues import Clues
    from scraper.extract.document import Document
    from scraper.extract.trees import Model

TRAFILATURA_VERSION = version("trafilatura")
_UNREAD = ("script", "style", "noscript", "svg", "template", "iframe", "link", "meta")
"""Nothing of these reaches trafilatura's text, and it copies the tree several times: a tenth of its time."""
_SET_ASIDE = (
    "nav", "footer", "aside", "button", "select", "input", "textarea", "picture", "source", "video", "audio",
    "canvas", "object", "embed",
)  # fmt: skip
"""What trafilatura takes out of its last copy of the tree: without it, it takes a fifth less time."""
_ASIDE = 0.001
"""The score of a block that is not worth a closer look: of 121 news pages 1 in 1,300 belonged to the body."""
_STANDS_ASIDE = Reasoning(name="a short line of links, or far from what trafilatura kept", weight=-6.9)
_PARAGRAPH = 80
_SHORTEST_TEXT = 250
_LEAST_SHARE = 0.5
"""Of the characters in the page's paragraphs: a shorter choice of trafilatura's has missed the article, and
its fallbacks are asked, on all that they read. They cost half as much again, and on news, where 1 page in 60
asks them, they find nothing more; of 72 articles elsewhere with a third of their text lost, 40 ask them."""
_LEAST_SCORE = 0.25
"""No block of a page is kept below this, whatever the rest of the page is like."""
_LEAST_WEIGHT = 0.05
"""Log-odds below which a reason is not worth reading."""


def decide_blocks(document: Document, *, reasons: bool = False) -> list[Decision]:
    """Return a decision for each block of the page, in order, with its reasons where they are asked for."""
    if document.tree is None:
        return []
    segments = segment(document.tree)
    if not segments.blocks:
        return []
    described = describe(segments, clues_of(document.tree, segments))
    model = body_model()
    scores = np.full(len(segments.blocks), _ASIDE)
    scores[described.read] = model.scores(described.rows).round(6)
    lengths = [count_words(block.text) for block in segments.blocks]
    least = threshold(scores, np.array(lengths, dtype=float), sure=model.threshold)
    told = {
        index: reasons_of(model, row)
        for index, row in zip(described.read, described.rows, strict=True)
        if reasons
    }
    return [
        Decision(
            block=block,
            kept=score > least,
            score=score,
            reasons=told.get(block.index, (_STANDS_ASIDE,)) if reasons else (),
        )
        for block, score in zip(segments.blocks, scores.tolist(), strict=True)
    ]


def threshold(scores: NDArray[np.float64], words: NDArray[np.float64], *, sure: float) -> float:
    """Return the score above which a page's blocks are kept: `sure` where all scores are 0 or 1.

    Where scores are probabilities, the choice of blocks with the best expected F1 keeps those above half of
    that F1 (Lipton et al., Optimal thresholding of classifiers to maximize F1, 2014): a page that is plain is
    cut sharply, one that is not keeps what is in doubt. Above half, recall is given up for precision.
    """
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum((scores * words)[order])
    best = 2 * found / (np.cumsum(words[order]) + found[-1])
    return max(float(best.max(initial=0.0)) * sure, _LEAST_SCORE)


def body_text(decisions: Sequence[Decision]) -> str:
    """Return the kept blocks, one a line."""
    return "\n".join(decision.block.text for decision in decisions if decision.kept)


def clues_of(tree: HtmlElement, segments: Segments) -> Clues:
    """Return what the page says of its body, trafilatura's choice included; the tree stays as it is."""
    prose = sum(
        len(block.text)
        for block, span in zip(segments.blocks, segments.spans, strict=True)
        if len(block.text) >= _PARAGRAPH and span.linked * 2 < len(block.text)
    )
    text = _trafilatura(tree, _UNREAD + _SET_ASIDE)
    if len(text) < _SHORTEST_TEXT or len(text) < _LEAST_SHARE * prose:
        text = max(text, _trafilatura(tree, _UNREAD, fast=False), key=len)
    return find_clues(tree, text.split("\n"))


def _trafilatura(tree: HtmlElement, without: Sequence[str], *, fast: bool = True) -> str:
    own = copy.deepcopy(tree)
    etree.strip_elements(own, *without, with_tail=False)
    found = trafilatura.bare_extraction(
        own, with_metadata=False, include_comments=False, deduplicate=False, fast=fast
    )
    return (found.text or "") if found and not isinstance(found, dict) else ""


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
