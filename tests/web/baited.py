"""A store with bait in every field, and captures that are bait."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scraper.learned.layout import Layout
from scraper.learned.template import SiteTemplate
from scraper.model import ArticleId, Credit, Dateline, Image, KindVerdict, Page, Provenance, Reason, Rejection
from scraper.store import Source, open_store
from scraper.store.protocol import Quarantined
from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Alarm, Figures, RunState
from scraper.text_blocks import BlockKind, Cell, MarkKind, TextBlock, TextMark
from tests.store.values import article, copy_of, rejection, revision_of, verdict
from tests.web.bait import BAIT
from tests.web.conftest import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.model import Article
    from scraper.store import Store

DAY = "2026-02-10"
NOW = datetime.now(UTC)


def baited(number: int, bait: str, **fields: Any) -> Article:
    """An article with the bait in every field that is a text."""
    blocks = (
        TextBlock(kind=BlockKind.HEADING, text=bait, level=2),
        TextBlock(
            kind=BlockKind.PARAGRAPH,
            text=bait,
            marks=(TextMark(kind=MarkKind.LINK, start=0, end=len(bait), url=bait),),
        ),
        TextBlock(kind=BlockKind.FIGURE, url=bait, caption=bait, credit=bait),
        TextBlock(kind=BlockKind.EMBED, url=bait, caption=bait),
        TextBlock(kind=BlockKind.ENTRY, time=bait, title=bait, author=bait),
        TextBlock(kind=BlockKind.CODE, text=bait, code=bait),
        TextBlock(kind=BlockKind.ROW, text=bait, group=1, cells=(Cell(text=bait),)),
    )
    given: dict[str, Any] = {
        "url": f"https://bait.example/{number}?{bait}",
        "canonical_url": f"https://bait.example/{number}",
        "declared_url": bait,
        "site": bait,
        "published": f"{DAY}T08:00:00Z",
        "title": bait,
        "body": "\n".join([bait] * 5),
        "blocks": blocks,
        "credit": Credit(agencies=(bait,), line=bait, original_publisher=bait),
        "dateline": Dateline(place=bait, date=bait, line=bait),
        "images": (Image(url=bait, caption=bait, credit=bait),),
        "provenance": {"title": Provenance(source=bait, raw=bait, confidence=0.5)},
        "verdict": KindVerdict(confidence=0.5, evidence=bait, in_doubt=True),
        **dict.fromkeys(("authors", "editors", "tags", "restrictions"), (bait,)),
        **dict.fromkeys(("publisher", "kicker", "standfirst", "description", "section", "rights"), bait),
        **dict.fromkeys(("license_url", "language", "modified", "created", "source_date"), bait),
    }
    return article(**given | fields)


def refused(number: int, bait: str, reason: Reason) -> Rejection:
    return rejection(
        number, url=f"https://bait.example/{number}?{bait}", site=bait, detail=bait, reason=reason
    )


def save_baited(store: Store, number: int, bait: str) -> ArticleId:
    first = store.save(verdict(baited(number, bait)))
    copy = verdict(baited(1000 + number, bait, body=f"{bait} of another"), relation=copy_of(first))
    store.save(replace(copy, story=store.dedup.story(first)))
    store.save(revision_of(baited(number, bait, body=f"before {bait}", title=f"{bait} now"), 1))
    store.reject(refused(number, bait, Reason.LIST))
    waiting = refused(2000 + number, bait, Reason.EXTRACTION_CRASH)
    store.quarantine(Quarantined(url=waiting.url or "", rejection=waiting))
    store.save_template(bait, bait, SiteTemplate(layouts=(Layout(rules=bait, doubted=bait),)))
    source = Source(url=f"https://bait.example/{bait}", site=bait, kind=bait, fetched_at=NOW, result=bait)
    store.record_source(source)
    return first


def work_at(ledger: ServiceStore, bait: str) -> None:
    run = ledger.runs.append(job=bait, site=bait, after="", owner=this_process())
    assert run is not None
    ledger.runs.end(run, RunState.FAILED, bait, counts={bait: 1})
    ledger.coverage.save(run.id, bait, Figures(at=NOW, since=NOW))
    alarm = Alarm(
        site=bait,
        signs=(bait,),
        since=NOW,
        opened=NOW,
        cause=bait,
        message=bait,
        example=f"javascript:{bait}",
    )
    ledger.alarms.save(alarm, [], NOW)


class BaitedCaptures:
    """Captures whose pages and explanations are bait."""

    def page(self, _store: object, _identity: str, /) -> Page:
        return Page(url=ADDRESS, content="".join(BAIT).encode(), content_type="text/html; charset=utf-8")

    def explanation(self, _identity: str, /) -> Mapping[str, Any]:
        bait = "".join(BAIT)
        reason = {"name": bait, "weight": 0.5}
        block = {"kept": True, "text": bait, "score": 0.5, "tag": bait, "reasons": [reason]}
        signal = {"says": bait, "weight": 0.5}
        judgement = {"said": bait, "reason": bait, "evidence": bait, "signals": [signal]}
        return {"judgement": judgement, "kept": 1, "blocks": [block], "layout": bait}


def fill_with_bait(url: str) -> Mapping[str, ArticleId]:
    """Store each bait in all fields of a site of its own; return the article of each."""
    with open_store(url) as store, store.transaction():
        kept = {bait: save_baited(store, number, bait) for number, bait in enumerate(BAIT, start=1)}
    with ServiceStore(url) as ledger:
        for bait in BAIT:
            work_at(ledger, bait)
    return kept
