"""The extraction of one page: its steps in order, from Page to Article or Rejection.

Run by crawl.pages.workers and the command line; what the steps found (Examination) is read by explain.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scraper.extraction.body.known import read_body
from scraper.extraction.body.layout import origin_of_body
from scraper.extraction.correction import corrected, decided
from scraper.extraction.dumps.decide import decide_lines
from scraper.extraction.fields.metadata import Metadata, resolve
from scraper.extraction.fields.own_lines import unclaimed
from scraper.extraction.page.document import Document, parse
from scraper.extraction.page.elsewhere import own_prose, runs_scripts
from scraper.extraction.pagination import Part, next_page
from scraper.extraction.structure.block_writer import structure_of
from scraper.extraction.structure.entries import entries_of, without_bylines
from scraper.extraction.structure.figures import with_figures
from scraper.extraction.verdict.judge import Judgement, judge, judge_content
from scraper.extraction.version import extractor
from scraper.learned.layout import IN_FULL, Reading
from scraper.learned.template import EMPTY
from scraper.model import Article, Kind, KindVerdict, Provenance, Reason, Rejection
from scraper.restrictions import restrictions_of
from scraper.text_blocks import body_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.html import HtmlElement

    from scraper.extraction.page.blocks import Decision
    from scraper.extraction.structure.entries import LiveEntry
    from scraper.learned.template import SiteTemplate
    from scraper.model import Page, Site
    from scraper.restrictions import Restriction
    from scraper.text_blocks import TextBlock


_OK = 200
_IN_SCRIPT = "; the text stands in a script that cannot be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Everything that was found out about a page, for the result and for its explanation."""

    document: Document
    decisions: Sequence[Decision]
    metadata: Metadata
    judgement: Judgement
    reading: Reading = IN_FULL
    entries: Mapping[HtmlElement, LiveEntry] = field(default_factory=dict)
    """Of a live blog."""


def examine(
    page: Page,
    site: Site,
    template: SiteTemplate = EMPTY,
    *,
    reasons: bool = False,
    degraded: str | None = None,
    observes: bool = False,
) -> Examination:
    """Return every finding about a page; the template says what other pages of its host had in common.

    What spoke for each block costs as much as the rest: it is found where it is asked for. So is what the
    page tells of its host's layouts (`observes`), where it was read in full.
    A page over a limit is rebuilt from its text; so is any page for which a reason is given. What is refused
    or in doubt was read in full, whatever is known of its host.
    """
    if judgement := judge_content(page):
        digest = page.raw_sha256
        document = Document(page=page, site=site, digest=digest, text="", encoding="binary", tree=None)
        return Examination(document=document, decisions=(), metadata=Metadata(), judgement=judgement)
    document = parse(page, site, degraded=degraded)
    found = _examine_document(document, template, reasons=reasons, observes=observes)
    if found.reading.layout and (found.judgement.reason or found.judgement.in_doubt):
        full = replace(template, layouts=())
        return _examine_document(document, full, reasons=reasons, observes=observes)
    return found


def _examine_document(
    document: Document, template: SiteTemplate, *, reasons: bool, observes: bool
) -> Examination:
    page, reading = document.page, IN_FULL
    if page.is_text:
        decisions = decide_lines(document, reasons=reasons)
    else:
        decisions, reading = read_body(document, template.layouts, observes=observes, reasons=reasons)
    metadata = resolve(document, decisions, template)
    decisions = unclaimed(decisions, metadata)
    has_body = any(decision.kept for decision in decisions)
    judgement = decided(judge(document, decisions, metadata), page, has_body=has_body)
    entries: Mapping[HtmlElement, LiveEntry] = {}
    if judgement.kind is Kind.LIVE_BLOG:
        entries = entries_of(decisions, document.harvest.graph)
        decisions = without_bylines(decisions, entries)
    return Examination(
        document=document,
        decisions=decisions,
        metadata=corrected(metadata, page.correction),
        judgement=judgement,
        reading=reading,
        entries=entries,
    )


def conclude(examination: Examination) -> Article | Rejection:
    """Return the article, or why there is none."""
    page, site = examination.document.page, examination.document.site
    judgement = examination.judgement
    if judgement.reason:
        return Rejection(
            url=page.url,
            site=site.name,
            reason=judgement.reason,
            detail=judgement.evidence + (_IN_SCRIPT if examination.document.is_unread else ""),
            confidence=judgement.confidence,
            raw_sha256=examination.document.digest,
            fetched_at=page.fetched_at,
            status=page.status,
        )
    metadata = {
        part.name: getattr(examination.metadata, part.name)
        for part in dataclasses.fields(examination.metadata)
        if part.name != "candidates"
    }
    blocks = _blocks(examination)
    restrictions = restrictions_of(page)
    origins = _origins(examination, restrictions)
    return Article(
        url=page.url,
        site=site.name,
        kind=judgement.kind,
        verdict=KindVerdict(
            confidence=judgement.confidence, evidence=judgement.evidence, in_doubt=judgement.in_doubt
        ),
        restrictions=tuple(each.name for each in restrictions),
        body=body_of(blocks),
        blocks=blocks,
        raw_sha256=examination.document.digest,
        fetched_at=page.fetched_at,
        extractor=extractor(site) + (", degraded" if examination.document.degraded else ""),
        **metadata | {"provenance": {**metadata["provenance"], **origins}},
    )


def _blocks(examination: Examination) -> tuple[TextBlock, ...]:
    """Return the text with its structure, figures and entries at their place."""
    document, decisions = examination.document, examination.decisions
    blocks = structure_of(decisions, document.segments, document.page.url)
    entries = {element: entry.block for element, entry in examination.entries.items()}
    return with_figures(blocks, decisions, examination.metadata.images, document.page.url, entries)


def _origins(examination: Examination, restrictions: Sequence[Restriction]) -> dict[str, Provenance]:
    """Return where the body came from, what restricts its use, and whether a browser made the page."""
    document = examination.document
    origins = dict(origin_of_body(examination.decisions, examination.reading.layout))
    if document.elsewhere:
        origins = {"body": Provenance(source=document.elsewhere)}
    if document.degraded:
        origins = {"body": Provenance(source="text:degraded", raw=document.degraded, confidence=0.5)}
    if document.page.is_rendered:
        origins["page"] = Provenance(source="rendered")
    if restrictions:
        origins["restrictions"] = Provenance(
            source=restrictions[0].source, raw="; ".join(dict.fromkeys(each.raw for each in restrictions))
        )
    return origins


def extract_part(
    page: Page,
    site: Site,
    template: SiteTemplate = EMPTY,
    *,
    degraded: str | None = None,
    observes: bool = False,
) -> Part:
    """Return what a page is, the address of the page that continues its article, and how it was read."""
    examination = examine(page, site, template, degraded=degraded, observes=observes)
    outcome = conclude(examination)
    reading = examination.reading
    if isinstance(outcome, Rejection) or (outcome.verdict is not None and outcome.verdict.in_doubt):
        reading = replace(reading, observation=None)
    if isinstance(outcome, Rejection):
        return Part(outcome=outcome, reading=reading, awaits_scripts=_awaits_scripts(examination))
    found = examination.metadata.candidates.get("title", ())
    titles = {item.source: item.value for item in found}
    return Part(outcome=outcome, following=next_page(examination.document), titles=titles, reading=reading)


def _awaits_scripts(examination: Examination) -> bool:
    """Tell whether a page that is refused would have a text in a browser, as far as it shows that."""
    document, reason = examination.document, examination.judgement.reason
    if document.tree is None or document.page.status != _OK:
        return False
    if reason is Reason.EMPTY:
        return document.is_unread or (not own_prose(document.segments) and runs_scripts(document.tree))
    return document.is_unread and reason in {Reason.LIST, Reason.NOT_NEWS}


def extract_article(page: Page, site: Site, template: SiteTemplate = EMPTY) -> Article | Rejection:
    """Return the article that the page holds, or why it holds none; the same page gives the same result."""
    return conclude(examine(page, site, template))
