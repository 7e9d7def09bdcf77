"""Invented articles, verdicts and fetches for the tests of the store."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from scraper.model import (
    Article,
    ArticleId,
    Credit,
    Dateline,
    Image,
    Kind,
    Provenance,
    Reason,
    Rejection,
    Relation,
    RelationKind,
    Signature,
    Verdict,
)
from scraper.record import article_id
from scraper.text_blocks import BlockKind, Cell, MarkKind, TextBlock, TextMark

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def article(number: int = 1, **fields: Any) -> Article:
    url = f"https://news.example/{number}"
    given: dict[str, Any] = {
        "url": f"{url}?utm_source=feed",
        "canonical_url": url,
        "site": "harbour",
        "title": f"Ferry {number} reaches the harbour",
        "body": f"The ferry number {number} came in at dawn.\nNobody was hurt.",
        "published": f"2026-02-{number % 28 + 1:02}T08:00:00Z",
        "language": "en",
        "raw_sha256": "ab" * 32,
        "fetched_at": minutes(number),
        "extractor": "test 1",
    }
    return Article(**given | fields)


BLOCKS = (
    TextBlock(
        kind=BlockKind.PARAGRAPH,
        text="The ferry number 1 came in at dawn.",
        marks=(TextMark(kind=MarkKind.LINK, start=4, end=9, url="https://news.example/ferry"),),
    ),
    TextBlock(kind=BlockKind.FIGURE, url="https://news.example/a.jpg", caption="Dawn", credit="AL"),
    TextBlock(
        kind=BlockKind.ROW,
        text="Nobody was hurt.",
        group=1,
        cells=(Cell(text="Nobody was hurt.", is_header=True, columns=2),),
    ),
)
"""Of the body of the first article."""


def full_article() -> Article:
    """An article with a value in every field."""
    return article(
        blocks=BLOCKS,
        publisher="Harbour News",
        kind=Kind.LIVE_BLOG,
        kicker="Sea",
        standfirst="A summary — with “quotes”.",
        description="Meta",
        authors=("Ana Lima", "Bo Chen"),
        editors=("Cy Dee",),
        credit=Credit(agencies=("Reuters", "AFP"), line="Reuters / AFP", original_publisher="The Gull"),
        dateline=Dateline(place="PORTO", date="2026-02-01", line="PORTO, Feb 1 -"),
        modified="2026-02-03",
        created="2026-02-02T09:00:00+01:00",
        source_date="2026-01",
        section="Coast",
        tags=("ferry", "port"),
        rights="All rights",
        license_url="https://news.example/licence",
        restrictions=("noai", "otherbot: noindex"),
        images=(
            Image(url="https://news.example/a.jpg", caption="Dawn", credit="AL"),
            Image(url="https://x.example/b.png"),
        ),
        provenance={
            "title": Provenance(
                source="json-ld", raw="Ferry 1 reaches the harbour | Harbour", confidence=0.9
            ),
            "kicker": Provenance(source="absent"),
        },
    )


def signed(text: str) -> Signature:
    return Signature(
        version=1, content_hash="1:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
    )


def verdict(
    of: Article, *, relation: Relation | None = None, expected: int = 0, links: tuple[Relation, ...] = ()
) -> Verdict:
    return Verdict(
        article=of, signature=signed(of.body), relation=relation, links=links, expected_revision=expected
    )


def revision_of(of: Article, expected: int) -> Verdict:
    relation = Relation(
        kind=RelationKind.REVISION, to=article_id(of), score=0.5, evidence={"silent_edit": "yes"}
    )
    return verdict(of, relation=relation, expected=expected)


def copy_of(to: ArticleId, kind: RelationKind = RelationKind.SYNDICATED) -> Relation:
    return Relation(kind=kind, to=to, score=0.75, evidence={"containment": 0.8, "rule": "text"})


def rejection(number: int = 1, **fields: Any) -> Rejection:
    given: dict[str, Any] = {
        "url": f"https://news.example/wall/{number}",
        "site": "harbour",
        "reason": Reason.CONSENT,
        "detail": "the page asks to accept cookies",
        "confidence": 0.75,
        "raw_sha256": "cd" * 32,
        "fetched_at": minutes(number),
        "status": 203,
    }
    return Rejection(**given | fields)
