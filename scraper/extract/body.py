"""The body: which blocks of a page are the article. The only module that imports trafilatura."""

from __future__ import annotations

import copy
from importlib.metadata import version
from typing import TYPE_CHECKING

import trafilatura

from scraper.extract.blocks import Block, Decision, Reasoning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.document import Document

TRAFILATURA_VERSION = version("trafilatura")


def decide_blocks(document: Document) -> list[Decision]:
    """Return a decision for each block of the page, in order."""
    if document.tree is None:
        return []
    found = trafilatura.bare_extraction(
        copy.deepcopy(document.tree), with_metadata=False, include_comments=False, deduplicate=False
    )
    text = (found.text or "") if found and not isinstance(found, dict) else ""
    lines = [line.strip().removeprefix("- ") for line in text.splitlines() if line.strip()]
    return [
        Decision(
            block=Block(index=index, text=line, tag="p"),
            kept=True,
            score=1.0,
            reasons=(Reasoning(name="trafilatura", weight=1.0),),
        )
        for index, line in enumerate(lines)
    ]


def body_text(decisions: Sequence[Decision]) -> str:
    """Return the kept blocks, one a line."""
    return "\n".join(decision.block.text for decision in decisions if decision.kept)
