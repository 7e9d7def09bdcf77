"""Records as a Parquet file, written by row groups."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.errors import ConfigError
from scraper.export.formats import moments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ROWS = 1000
"""Of a row group: about 10 MB of news."""

_NAMES = (
    *(
        "id",
        "url",
        "canonical_url",
        "declared_url",
        "site",
        "publisher",
        "kind",
        "verdict",
        "title",
        "kicker",
    ),
    *("standfirst", "description", "body", "authors", "editors", "credit", "dateline"),
    *("published", "published_at", "modified", "modified_at", "created", "created_at", "source_date"),
    *("section", "tags", "language", "rights", "license_url", "restrictions", "images", "provenance"),
    *("relation", "content_hash", "raw_sha256", "fetched_at", "gone", "extractor"),
)
"""Of the columns after schema_version, in the order of the record."""


def write_parquet(records: Iterator[Mapping[str, Any]], path: Path) -> int:
    """Write the records; return how many. Raises ConfigError where pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise ConfigError(
            "--format parquet needs the package pyarrow: pip install 'news-scraper[parquet]'"
        ) from error
    schema, count = _schema(pa), 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while rows := [_row(record) for record in islice(records, ROWS)]:
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _row(record: Mapping[str, Any]) -> dict[str, Any]:
    relation = record["relation"]
    if relation:
        relation = relation | {"evidence": json.dumps(relation["evidence"], ensure_ascii=False)}
    return {
        **record,
        **{f"{name}_at": moment for name, moment in moments(record).items()},
        "provenance": list(record["provenance"].items()),
        "relation": relation,
        "fetched_at": datetime.fromisoformat(record["fetched_at"]),
        "gone": datetime.fromisoformat(record["gone"]) if record["gone"] else None,
    }


def _schema(pa: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    text, texts, number = pa.string(), pa.list_(pa.string()), pa.float64()

    def struct(**members: Any) -> Any:  # noqa: ANN401
        return pa.struct(list(members.items()))

    special = {
        **dict.fromkeys(("authors", "editors", "tags", "restrictions"), texts),
        "verdict": struct(confidence=number, evidence=text, in_doubt=pa.bool_()),
        "credit": struct(agencies=texts, line=text, original_publisher=text),
        "dateline": struct(place=text, date=text, line=text),
        "images": pa.list_(struct(url=text, caption=text, credit=text)),
        "provenance": pa.map_(text, struct(source=text, raw=text, confidence=number)),
        "relation": struct(kind=text, to=text, score=number, evidence=text),
        **dict.fromkeys(
            ("fetched_at", "gone", "published_at", "modified_at", "created_at"), pa.timestamp("us", tz="UTC")
        ),
    }
    return pa.schema([("schema_version", pa.int32()), *((name, special.get(name, text)) for name in _NAMES)])
