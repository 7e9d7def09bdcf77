"""The record: one article as a JSON object, the same in exports, fixtures and the database."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scraper.model import Article, ArticleId

if TYPE_CHECKING:
    from scraper.model import Relation

SCHEMA_VERSION = 1


def article_id(article: Article) -> ArticleId:
    """Return 16 hex digits of the canonical address, or of the text where there is no address."""
    identity = article.canonical_url or article.body
    return ArticleId(hashlib.sha256(identity.encode()).hexdigest()[:16])


def to_record(
    article: Article, *, content_hash: str, relation: Relation | None = None, gone: datetime | None = None
) -> dict[str, Any]:
    """Return the record as JSON types, keys in the order of the fields' documentation."""
    fields = _plain(article)
    tail = {name: fields.pop(name) for name in ("provenance", "raw_sha256", "fetched_at", "extractor")}
    return {
        "schema_version": SCHEMA_VERSION,
        "id": article_id(article),
        **fields,
        "provenance": tail["provenance"],
        "relation": _plain(relation),
        "content_hash": content_hash,
        "raw_sha256": tail["raw_sha256"],
        "fetched_at": tail["fetched_at"],
        "gone": _plain(gone),
        "extractor": tail["extractor"],
    }


def instant(moment: datetime) -> str:
    """Return the moment in UTC.

    >>> instant(datetime(2014, 5, 20, 8, tzinfo=UTC))
    '2014-05-20T08:00:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_json(record: dict[str, Any]) -> str:
    """Return the record as one line."""
    return json.dumps(record, ensure_ascii=False, separators=(", ", ": "))


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON has no narrower type
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
