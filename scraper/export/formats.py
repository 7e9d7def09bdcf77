"""Stored articles as files: JSON lines, texts, CSV and Parquet, in constant memory."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Any

from scraper.errors import ConfigError
from scraper.export.html import article_html
from scraper.export.markdown import article_markdown
from scraper.export.whole_files import whole_file, whole_folder
from scraper.masking import printable
from scraper.record import instant, to_json, to_record
from scraper.store.listing_date import parse_iso

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from scraper.model import StoredArticle
    from scraper.store.queries import Hit, Similar
    from scraper.store.service.changes import ArticleChange


class Format(StrEnum):
    """What an export is written as."""

    JSONL = "jsonl"
    """One file of records, one a line."""
    TXT = "txt"
    """A folder with a text file an article, and the records in articles.jsonl."""
    MD = "md"
    """A folder with a Markdown file an article."""
    HTML = "html"
    """A folder with a page of HTML an article."""
    CSV = "csv"
    PARQUET = "parquet"
    PARQUET_DATASET = "parquet-dataset"
    """A folder with a Parquet file a month and site: month=2026-10/site=paper/articles.parquet."""


RECORDS = "articles.jsonl"
_OURS = re.compile(r"\d{3,}_[0-9a-f]{16}\.txt|articles\.jsonl")
_PARTITION = re.compile(r"month=[^/]+(/site=[^/]+(/articles\.parquet)?)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First signs that make a spreadsheet read a cell as a formula."""

DATES = ("published", "modified", "created")
"""Fields whose value is as precise as the page: a year, a month, a day or an instant."""

COLUMNS = (
    *(
        "id",
        "url",
        "canonical_url",
        "declared_url",
        "site",
        "publisher",
        "kind",
        "verdict_confidence",
        "verdict_evidence",
    ),
    *("verdict_in_doubt", "title", "kicker", "standfirst", "description"),
    *("authors", "editors", "agencies", "credit_line", "original_publisher"),
    *("dateline_place", "dateline_date", "dateline_line"),
    *("published", "published_at", "modified", "modified_at", "created", "created_at", "source_date"),
    *("section", "tags", "language", "rights", "license_url", "restrictions"),
    *("images", "image_captions", "image_credits"),
    *(
        "relation_kind",
        "relation_to",
        "relation_score",
        "content_hash",
        "raw_sha256",
        "fetched_at",
        "gone",
        "extractor",
        "origins",
        "body",
    ),
)
"""Of a CSV file: the record, its lists joined by "; ", moments in UTC beside the dates as the page has them,
and for each field, as JSON, where it was found."""


def stored_record(stored: StoredArticle) -> dict[str, Any]:
    """Return the stored article as exports hold it."""
    return to_record(
        stored.article, content_hash=stored.content_hash, relation=stored.relation, gone=stored.gone
    )


def hit_record(hit: Hit) -> dict[str, Any]:
    """Return an article that answers a search, and where it does."""
    places = {
        "title_marks": hit.title.marks,
        "snippet": hit.snippet.text,
        "snippet_marks": hit.snippet.marks,
    }
    return stored_record(hit.article) | {"hit": places}


def similar_record(found: Similar) -> dict[str, Any]:
    """Return an article that is like another one, and the words that say so."""
    return stored_record(found.article) | {"alike": {"score": found.score, "words": list(found.words)}}


def change_record(change: ArticleChange) -> dict[str, Any]:
    """Return a line of the change feed, without its article's record where that was removed."""
    record = stored_record(change.stored) if change.stored else None
    return {"cursor": change.cursor, "event": change.event, "id": change.article_id, "record": record}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatWriter:
    """How articles become a file of one format: each function returns how many it wrote."""

    file: Callable[[Iterable[StoredArticle], Path], int]
    stream: Callable[[Iterable[StoredArticle], IO[str]], int] | None = None
    """Where the format can be written to standard output."""
    is_ours: Callable[[str], bool] | None = None
    """For a format that is a folder: whether an export writes this path, relative to it."""


def write_file(articles: Iterable[StoredArticle], form: Format, path: Path) -> int:
    """Write a file, for some formats a folder, that appears only when it is whole; return how many articles.

    Raises InputError where it cannot be written or would replace a folder that no export made, ConfigError
    for Parquet without its library.
    """
    writer = WRITERS[form]
    if writer.is_ours is not None:
        with whole_folder(path, is_ours=writer.is_ours) as folder:
            return writer.file(articles, folder)
    with whole_file(path) as part:
        return writer.file(articles, part)


def write_stream(articles: Iterable[StoredArticle], form: Format, stream: IO[str]) -> int:
    """Write to a stream; return how many articles. Raises ConfigError for a format that is no text.

    A terminal gets no signs that it would obey.
    """
    writer = WRITERS[form]
    if writer.stream is None:
        raise ConfigError(f"--format {form} needs --out")
    return writer.stream(articles, _Screen(stream) if stream.isatty() else stream)


class _Screen(io.StringIO):
    """A terminal, written to in printable signs."""

    def __init__(self, stream: IO[str]) -> None:
        super().__init__()
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(printable(text.replace("\r\n", "\n"), keep_lines=True))


def _as_file(
    write: Callable[[Iterable[StoredArticle], IO[str]], int],
) -> Callable[[Iterable[StoredArticle], Path], int]:
    def to_file(articles: Iterable[StoredArticle], path: Path) -> int:
        with path.open("w", encoding="utf-8", newline="") as stream:
            return write(articles, stream)

    return to_file


def _write_parquet(articles: Iterable[StoredArticle], path: Path) -> int:
    from scraper.export.parquet import write_parquet

    return write_parquet(map(stored_record, articles), path)


def _write_dataset(articles: Iterable[StoredArticle], folder: Path) -> int:
    from scraper.export.parquet import write_dataset

    return write_dataset(map(stored_record, articles), folder)


def _write_lines(articles: Iterable[StoredArticle], stream: IO[str]) -> int:
    count = 0
    for count, stored in enumerate(articles, start=1):  # noqa: B007 - the last number is the count
        stream.write(to_json(stored_record(stored)) + "\n")
    return count


def _write_csv(articles: Iterable[StoredArticle], stream: IO[str]) -> int:
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    count = 0
    for count, stored in enumerate(articles, start=1):  # noqa: B007 - the last number is the count
        flat = flattened(stored_record(stored))
        writer.writerow([_cell(flat[column]) for column in COLUMNS])
    return count


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def moments(of: Mapping[str, Any]) -> dict[str, datetime | None]:
    """Return the first instant, in UTC, of each date that a record has as its page gave it.

    >>> str(moments({"published": "2014-05", "modified": None, "created": None})["published"])
    '2014-05-01 00:00:00+00:00'
    """
    return {name: parse_iso(of[name]) if of[name] else None for name in DATES}


def flattened(of: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record with a single value a column."""
    credit, dateline, relation = of["credit"] or {}, of["dateline"] or {}, of["relation"] or {}
    verdict = of["verdict"] or {}
    lists = {name: "; ".join(of[name]) for name in ("authors", "editors", "tags", "restrictions")}
    return {
        **of,
        **lists,
        "verdict_confidence": verdict.get("confidence"),
        "verdict_evidence": verdict.get("evidence"),
        "verdict_in_doubt": verdict.get("in_doubt"),
        "agencies": "; ".join(credit.get("agencies", ())),
        "credit_line": credit.get("line"),
        "original_publisher": credit.get("original_publisher"),
        "dateline_place": dateline.get("place"),
        "dateline_date": dateline.get("date"),
        "dateline_line": dateline.get("line"),
        **{f"{name}_at": moment and instant(moment) for name, moment in moments(of).items()},
        "images": "; ".join(image["url"] for image in of["images"]),
        "image_captions": _aligned(image["caption"] for image in of["images"]),
        "image_credits": _aligned(image["credit"] for image in of["images"]),
        "origins": json.dumps(
            {name: origin["source"] for name, origin in of["provenance"].items()}, ensure_ascii=False
        ),
        "relation_kind": relation.get("kind"),
        "relation_to": relation.get("to"),
        "relation_score": relation.get("score"),
    }


def _aligned(texts: Iterable[str | None]) -> str:
    """Return texts in one cell, in the order of another cell's values; empty where there is none at all."""
    found = [text or "" for text in texts]
    return "; ".join(found) if any(found) else ""


_HEADER = (
    *("title", "kicker", "standfirst", "authors", "published", "modified", "dateline_line", "credit_line"),
    *("section", "publisher", "site", "language", "kind", "canonical_url"),
)


def write_texts(articles: Iterable[StoredArticle], folder: Path) -> int:
    """Write NNN_<id>.txt for each article and articles.jsonl for all; return how many."""
    count = 0
    with (folder / RECORDS).open("w", encoding="utf-8", newline="") as records:
        for number, stored in enumerate(articles):
            of = stored_record(stored)
            name = f"{number:03}_{stored.id}.txt"
            (folder / name).write_text(text_file(of), encoding="utf-8", newline="")
            records.write(to_json(of) + "\n")
            count = number + 1
    return count


def _write_pages(of: Callable[[StoredArticle], str], ending: str) -> FormatWriter:
    """Return the writer of a folder with a file of its own for each article."""

    def write(articles: Iterable[StoredArticle], folder: Path) -> int:
        count = 0
        for number, stored in enumerate(articles):
            name = f"{number:03}_{stored.id}.{ending}"
            (folder / name).write_text(of(stored), encoding="utf-8", newline="")
            count = number + 1
        return count

    ours = re.compile(rf"\d{{3,}}_[0-9a-f]{{16}}\.{ending}")
    return FormatWriter(file=write, is_ours=lambda name: bool(ours.fullmatch(name)))


def markdown_of(stored: StoredArticle) -> str:
    """Return an article as Markdown, under the header lines of a text file."""
    return article_markdown(stored.article, _header(stored_record(stored)))


def html_of(stored: StoredArticle) -> str:
    """Return an article as a page of HTML."""
    return article_html(stored.article, _header(stored_record(stored)))


def _header(of: Mapping[str, Any]) -> dict[str, str]:
    flat = flattened(of)
    return {name.removesuffix("_line"): " ".join(flat[name].split()) for name in _HEADER if flat[name]}


def text_file(of: Mapping[str, Any]) -> str:
    """Return a header line a field that is known, an empty line, and the body."""
    header = [f"{name}: {value}" for name, value in _header(of).items()]
    return "\n".join([*header, "", of["body"], ""])


WRITERS: Mapping[Format, FormatWriter] = {
    Format.JSONL: FormatWriter(file=_as_file(_write_lines), stream=_write_lines),
    Format.TXT: FormatWriter(file=write_texts, is_ours=lambda name: bool(_OURS.fullmatch(name))),
    Format.MD: _write_pages(markdown_of, "md"),
    Format.HTML: _write_pages(html_of, "html"),
    Format.CSV: FormatWriter(file=_as_file(_write_csv), stream=_write_csv),
    Format.PARQUET: FormatWriter(file=_write_parquet),
    Format.PARQUET_DATASET: FormatWriter(
        file=_write_dataset, is_ours=lambda name: bool(_PARTITION.fullmatch(name))
    ),
}
"""Every format: a new one is a member of Format and a row here."""
