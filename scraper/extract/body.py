"""The body: which blocks of a page are the article. The only module that imports trafilatura."""

from __future__ import annotations

import copy
from importlib.metadata import version
from typing import TYPE_CHECKING

import trafilatura
from lxml import etree

from scraper.extract.blocks import Decision, Reasoning, segment
from scraper.extract.clues import find_clues
from scraper.extract.features import describe, plain_name
from scraper.extract.trees import body_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from lxml.html import HtmlElement
    from numpy.typing import NDArray

    from scraper.extract.document import Document
    from scraper.extract.trees import Model

TRAFILATURA_VERSION = version("trafilatura")
_UNREAD = ("script", "style", "noscript", "svg", "template", "iframe", "link", "meta")
"""Nothing of these reaches trafilatura's text, and it copies the tree several times: a tenth of its time."""
_LEAST_WEIGHT = 0.05
"""Log-odds below which a reason is not worth reading."""


def decide_blocks(document: Document, *, reasons: bool = False) -> list[Decision]:
    """Return a decision for each block of the page, in order, with its reasons where they are asked for."""
    if document.tree is None:
        return []
    segments = segment(document.tree)
    if not segments.blocks:
        return []
    rows, _ = describe(segments, find_clues(document.tree, trafilatura_lines(document.tree)))
    model = body_model()
    scores = model.scores(rows).round(6).tolist()
    return [
        Decision(
            block=block,
            kept=score > model.threshold,
            score=score,
            reasons=reasons_of(model, rows[block.index]) if reasons else (),
        )
        for block, score in zip(segments.blocks, scores, strict=True)
    ]


def body_text(decisions: Sequence[Decision]) -> str:
    """Return the kept blocks, one a line."""
    return "\n".join(decision.block.text for decision in decisions if decision.kept)


def trafilatura_lines(tree: HtmlElement) -> list[str]:
    """Return the lines that trafilatura keeps; the tree stays as it is."""
    # fast: its fallbacks cost half as much again and, beside our own figures, found nothing more
    own = copy.deepcopy(tree)
    etree.strip_elements(own, *_UNREAD, with_tail=False)
    found = trafilatura.bare_extraction(
        own, with_metadata=False, include_comments=False, deduplicate=False, fast=True
    )
    text = found.text if found and not isinstance(found, dict) else None
    return (text or "").split("\n")


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
