"""What a page is: an article, or one of the things that must never become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.model import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.blocks import Decision
    from scraper.extract.document import Document
    from scraper.extract.metadata import Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The kind of a page, how sure, and the evidence in one sentence."""

    kind: Kind
    confidence: float
    evidence: str


def judge(document: Document, decisions: Sequence[Decision], metadata: Metadata) -> Judgement:
    """Return what the page is."""
    del document, metadata
    if not any(decision.kept for decision in decisions):
        return Judgement(
            kind=Kind.EMPTY, confidence=0.5, evidence="no block of the page reads like an article"
        )
    return Judgement(kind=Kind.ARTICLE, confidence=0.5, evidence="a body was found")
