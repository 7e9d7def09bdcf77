"""An editor's decision, held above what is found in a page; read by extract.article and its workers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from scraper.extraction.fields.metadata import Metadata
from scraper.extraction.verdict.judge import Judgement
from scraper.model import Article, Kind, Provenance, Reason

if TYPE_CHECKING:
    from scraper.model import Correction, Page

Corrected = TypeVar("Corrected", Article, Metadata)
JUDGED_ARTICLE = "an editor judged it an article"
JUDGED_NONE = "an editor judged it no article"
EDITOR = Provenance(source="editor")


def decided(judgement: Judgement, page: Page, *, has_body: bool) -> Judgement:
    """Return the judgement on a page as its editor decided it; as it is where nobody did.

    A page without a body stays what it is, and so does a wall or an error at the address of an article, but
    for the very bytes that the editor saw.
    """
    correction = page.correction
    if correction is None:
        return judgement
    if not correction.is_article:
        return Judgement(kind=Kind.LIST, confidence=1.0, evidence=JUDGED_NONE, reason=Reason.LIST)
    is_refused = judgement.reason is not None
    is_same_page = judgement.kind.is_lasting or correction.raw_sha256 == page.raw_sha256
    if is_refused and not (is_same_page and has_body):
        return judgement
    kind = Kind.ARTICLE if is_refused else judgement.kind
    return Judgement(kind=kind, confidence=1.0, evidence=JUDGED_ARTICLE)


def corrected(found: Corrected, correction: Correction | None) -> Corrected:
    """Return an article, or what was found of one, with the title, authors and date of its editor."""
    if correction is None:
        return found
    names = ("title", "authors", "published")
    given = {name: value for name in names if (value := getattr(correction, name))}
    return replace(found, **given, provenance={**found.provenance, **dict.fromkeys(given, EDITOR)})
