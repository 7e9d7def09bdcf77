"""Articles, relations, rejections, fetches and visits as rows of the tables, and back; read by store.sql."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scraper.model import (
    Article,
    ArticleId,
    Pointer,
    Reason,
    Rejection,
    Relation,
    RelationKind,
    StoredArticle,
)
from scraper.record import to_article, to_record
from scraper.store.listing_date import dated
from scraper.store.protocol import (
    Fetch,
    Outcome,
    Quarantined,
    Visit,
    fetch_time,
)
from scraper.text_blocks import pack_blocks, unpack_blocks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row, RowMapping

_NOT_ARTICLE = ("schema_version", "id", "relation", "content_hash", "body", "gone")
"""Keys of a record that other columns hold."""
VISIT = tuple(each.name for each in fields(Visit))
FETCH = tuple(each.name for each in fields(Fetch) if each.name != "url")
"""Columns of visits and fetches, in order; a fetch's address is that of its visit."""


def article_row(stored: StoredArticle) -> dict[str, Any]:
    """Return the columns of the articles table."""
    article = stored.article
    return {
        "id": stored.id,
        "canonical_url": article.canonical_url,
        "site": article.site,
        "kind": article.kind.value,
        "in_doubt": int(article.verdict is not None and article.verdict.in_doubt),
        "language": article.language,
        "dated": dated(article, stored.first_seen),
        "first_seen": stored.first_seen,
        "fetched_at": fetch_time(article),
        "revision": stored.revision,
    }


def record_of(article: Article) -> dict[str, Any]:
    """Return the record of the revisions table: without what other columns hold."""
    record = to_record(article, content_hash="")
    kept = {key: value for key, value in record.items() if key not in _NOT_ARTICLE}
    return kept | {"blocks": pack_blocks(article.blocks)}


def json_text(value: object) -> str:
    """Return the text of a JSON column."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def relation_row(stored: StoredArticle, position: int, relation: Relation) -> dict[str, Any]:
    """Return the columns of the relations table."""
    return {
        "article_id": stored.id,
        "revision": stored.revision,
        "position": position,
        "kind": relation.kind.value,
        "to_id": relation.to,
        "score": relation.score,
        "evidence": dict(relation.evidence),
    }


def to_relation(row: RowMapping) -> Relation:
    """Return the relation of a row with kind, to_id, score and evidence."""
    return Relation(
        kind=RelationKind(row["kind"]),
        to=ArticleId(row["to_id"]),
        score=row["score"],
        evidence=row["evidence"],
    )


def to_stored(row: Row[Any]) -> StoredArticle:
    """Return the revision of a row of the columns that `sql_articles.REVISION` selects."""
    columns = row._mapping  # noqa: SLF001 - the public name of a row as a mapping
    return StoredArticle(
        id=ArticleId(columns["id"]),
        article=article_of(columns["record"], columns["body"]),
        content_hash=columns["content_hash"],
        revision=columns["number"],
        relation=to_relation(columns) if columns["kind"] is not None else None,
        first_seen=columns["first_seen"],
        gone=columns["gone"],
    )


def article_of(record: Mapping[str, Any], body: str) -> Article:
    """Return the article of a row of the revisions table."""
    return to_article({**record, "blocks": unpack_blocks(record.get("blocks", ()), body)}, body=body)


def rejection_row(rejection: Rejection) -> dict[str, Any]:
    """Return the columns that the rejections have in common with the quarantine."""
    return asdict(rejection) | {"reason": rejection.reason.value, "fetched_at": fetch_time(rejection)}


def to_rejection(row: Row[Any]) -> Rejection:
    """Return the rejection of a row."""
    columns = {key: value for key, value in row._mapping.items() if key not in {"row", "id"}}  # noqa: SLF001
    return Rejection(**columns | {"reason": Reason(columns["reason"])})


def to_quarantined(row: Row[Any]) -> Quarantined:
    """Return the page in quarantine of a row."""
    columns = dict(row._mapping)  # noqa: SLF001
    del columns["address"]
    url = columns.pop("asked")
    return Quarantined(url=url, rejection=Rejection(**columns | {"reason": Reason(columns["reason"])}))


def to_visit(row: Row[Any]) -> Visit:
    """Return the visit of a row."""
    columns = {key: value for key, value in row._mapping.items() if key != "address"}  # noqa: SLF001
    return Visit(**columns | {"outcome": Outcome(columns["outcome"])})


def fetch_values(fetch: Fetch) -> list[Any]:
    """Return the columns of the fetches table after its address."""
    values = {name: _plain(getattr(fetch, name)) for name in FETCH}
    pointers = [[pointer.file, pointer.offset, pointer.digest] for pointer in fetch.archived]
    return list((values | {"archived": json_text(pointers) if pointers else None}).values())


def visit_values(visit: Visit) -> list[Any]:
    """Return the columns of the visits table after its address."""
    return [_plain(getattr(visit, name)) for name in VISIT]


def _plain(value: Any) -> Any:  # noqa: ANN401
    return value.value if isinstance(value, StrEnum) else value


def to_fetch(row: Row[Any]) -> Fetch:
    """Return the fetch of a row."""
    columns = {key: value for key, value in row._mapping.items() if key not in {"row", "address"}}  # noqa: SLF001
    archived = to_pointers(columns["archived"])
    return Fetch(**columns | {"outcome": Outcome(columns["outcome"]), "archived": archived})


def to_pointers(archived: Sequence[tuple[str, int, str]] | None) -> tuple[Pointer, ...]:
    """Return the places in the archive of a fetch's row."""
    return tuple(Pointer(file=file, offset=offset, digest=digest) for file, offset, digest in archived or ())
