"""Records as a Parquet file, written by row groups, and as a dataset of such files by month and site."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from scraper.errors import ConfigError
from scraper.export.formats import moments
from scraper.record import to_json

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
    *("standfirst", "description", "body", "blocks", "authors", "editors", "credit", "dateline"),
    *("published", "published_at", "modified", "modified_at", "created", "created_at", "source_date"),
    *("section", "tags", "language", "rights", "license_url", "restrictions", "images", "provenance"),
    *("relation", "content_hash", "raw_sha256", "fetched_at", "gone", "extractor"),
)
"""Of the columns after schema_version, in the order of the record."""

_NULL = "__HIVE_DEFAULT_PARTITION__"
"""What Hive, and all who read its folders, call the partition of rows without a value."""
_SPOOL = "articles.jsonl"
_MONTH = len("2026-10")


def write_parquet(records: Iterator[Mapping[str, Any]], path: Path) -> int:
    """Write the records; return how many. Raises ConfigError where pyarrow is not installed."""
    pa, pq = _pyarrow()
    return _write_rows(pa, pq, records, path, _schema(pa))


def write_dataset(records: Iterator[dict[str, Any]], folder: Path) -> int:
    """Write month=2026-10/site=paper/articles.parquet for each month and site; return how many records.

    Values of folders are percent-encoded and stand in no file, as with Hive: readers take them from the path.
    Raises ConfigError where pyarrow is not installed.
    """
    pa, pq = _pyarrow()
    spools = _spooled(records, folder)
    schema = _schema(pa)
    schema = schema.remove(schema.get_field_index("site"))
    count = 0
    for spool in sorted(spools):
        with spool.open(encoding="utf-8") as lines:
            count += _write_rows(pa, pq, map(json.loads, lines), spool.with_suffix(".parquet"), schema)
        spool.unlink()
    return count


def _spooled(records: Iterator[dict[str, Any]], folder: Path) -> set[Path]:
    """Write each record as a line to a file of its partition; return the files.

    So neither memory nor the number of open files grows with the partitions, and each has one Parquet file.
    """
    spools: set[Path] = set()
    while batch := list(islice(records, ROWS)):
        lines: dict[Path, list[str]] = {}
        for record in batch:
            lines.setdefault(folder / _partition(record) / _SPOOL, []).append(to_json(record) + "\n")
        for spool, of in lines.items():
            spool.parent.mkdir(parents=True, exist_ok=True)
            with spool.open("a", encoding="utf-8", newline="") as stream:
                stream.writelines(of)
        spools |= lines.keys()
    return spools


def _partition(record: Mapping[str, Any]) -> str:
    """Return the folder: the month in UTC, where the page gives one, and the site.

    >>> _partition({"published": "2026-10-31T23:30-02:00", "modified": None, "created": None, "site": "a/b"})
    'month=2026-11/site=a%2Fb'
    >>> _partition({"published": "2026", "modified": None, "created": None, "site": None})
    'month=__HIVE_DEFAULT_PARTITION__/site=__HIVE_DEFAULT_PARTITION__'
    """
    moment = moments(record)["published"]
    known = moment is not None and len(record["published"]) >= _MONTH
    month = f"{moment:%Y-%m}" if known else _NULL
    return f"month={month}/site={quote(record['site'], safe='') if record['site'] else _NULL}"


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise ConfigError("Parquet needs the package pyarrow: pip install 'news-scraper[parquet]'") from error
    return pa, pq


def _write_rows(pa: Any, pq: Any, records: Iterator[Mapping[str, Any]], path: Path, schema: Any) -> int:  # noqa: ANN401
    count = 0
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


def _block(pa: Any) -> Any:  # noqa: ANN401
    text, number = pa.string(), pa.int32()
    of = (("kind", text), ("start", number), ("end", number), ("url", text))
    cell = (("text", text), ("is_header", pa.bool_()), ("columns", number), ("rows", number))
    numbers, texts = (
        ("level", "number", "group"),
        ("code", "url", "caption", "credit", "title", "time", "author"),
    )
    return pa.struct(
        [
            *(("kind", text), ("text", text), ("marks", pa.list_(pa.struct(of)))),
            *((name, number) for name in numbers),
            *(("continues", pa.bool_()), ("cells", pa.list_(pa.struct(cell)))),
            *((name, text) for name in texts),
        ]
    )


def _schema(pa: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    text, texts, number = pa.string(), pa.list_(pa.string()), pa.float64()

    def struct(**members: Any) -> Any:  # noqa: ANN401
        return pa.struct(list(members.items()))

    special = {
        **dict.fromkeys(("authors", "editors", "tags", "restrictions"), texts),
        "verdict": struct(confidence=number, evidence=text, in_doubt=pa.bool_()),
        "blocks": pa.list_(_block(pa)),
        "credit": struct(agencies=texts, line=text, original_publisher=text),
        "dateline": struct(place=text, date=text, line=text),
        "images": pa.list_(struct(url=text, caption=text, credit=text, file=text)),
        "provenance": pa.map_(text, struct(source=text, raw=text, confidence=number)),
        "relation": struct(kind=text, to=text, score=number, evidence=text),
        **dict.fromkeys(
            ("fetched_at", "gone", "published_at", "modified_at", "created_at"), pa.timestamp("us", tz="UTC")
        ),
    }
    return pa.schema([("schema_version", pa.int32()), *((name, special.get(name, text)) for name in _NAMES)])
