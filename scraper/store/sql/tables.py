"""The tables as queries see them; migrations make them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class Instant(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on databases with and without zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        del dialect
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, aware."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData()

articles = Table(
    "articles",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("canonical_url", Text),
    Column("site", Text),
    Column("kind", Text),
    Column("in_doubt", Integer),
    Column("language", Text),
    Column("dated", Instant),
    Column("first_seen", Instant),
    Column("fetched_at", Instant),
    Column("revision", Integer),
    Column("gone", Instant),
)
"""One row an article: what is asked for, and which revision is the current one."""

revisions = Table(
    "revisions",
    METADATA,
    Column("row", BigInteger, primary_key=True),
    Column("article_id", Text),
    Column("number", Integer),
    Column("content_hash", Text),
    Column("story", BigInteger),
    Column("record", JSON),
    Column("body", Text),
)
"""One row a text: the record without its body, and the body. `story` is the row of the first text of the
text's story, NULL where that is the text itself."""

IS_CURRENT = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision)
"""Joins an article with its last revision."""

relations = Table(
    "relations",
    METADATA,
    Column("article_id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", Text),
    Column("to_id", Text),
    Column("score", Double),
    Column("evidence", JSON),
)
"""What a revision is to other articles: its relation at position 0, its links after it."""

changes = Table(
    "changes",
    METADATA,
    Column("cursor", BigInteger, primary_key=True),
    Column("article_id", Text),
    Column("event", Text),
    Column("revision", Integer),
)
"""One row a change of an article, in the order of the commits; triggers write all but merged ones."""

search_entries = Table(
    "search_entries",
    METADATA,
    Column("key", BigInteger, primary_key=True),
    Column("row", BigInteger),
    Column("site", Text),
    Column("language", Text),
    Column("month", Integer),
    Column("agencies", Text),
    Column("terms", TSVECTOR),
)
"""One row an article that searches find; keys ascend by date. `row` is its current revision's, `month` counts
from the year 0, `agencies` is a JSON list. SQLite keeps the terms in search_terms, under the same keys."""

search_terms = Table(
    "search_terms", METADATA, Column("rowid", BigInteger, primary_key=True), Column("search_terms", Text)
)

search_codes = Table("search_codes", METADATA, Column("code", Text, primary_key=True))
"""One row a language of stems that the index holds."""

rejections = Table(
    "rejections",
    METADATA,
    Column("row", BigInteger, primary_key=True),
    Column("url", Text),
    Column("site", Text),
    Column("reason", Text),
    Column("detail", Text),
    Column("confidence", Double),
    Column("raw_sha256", Text),
    Column("fetched_at", Instant),
    Column("status", Integer),
    Column("id", Text),
)

quarantine = Table(
    "quarantine",
    METADATA,
    Column("address", Text, primary_key=True),
    Column("asked", Text),
    Column("url", Text),
    Column("site", Text),
    Column("reason", Text),
    Column("detail", Text),
    Column("confidence", Double),
    Column("raw_sha256", Text),
    Column("fetched_at", Instant),
    Column("status", Integer),
)
"""The pages whose extraction came to no end; `asked` is the address before redirects."""

visits = Table(
    "visits",
    METADATA,
    Column("address", Text, primary_key=True),
    Column("url", Text),
    Column("site", Text),
    Column("first_seen", Instant),
    Column("fetched_at", Instant),
    Column("outcome", Text),
    Column("reason", Text),
    Column("status", Integer),
    Column("canonical_url", Text),
    Column("failures", Integer),
)
"""One row an address that was ever asked for; `address` is its hash, as in fetches and sources."""

fetches = Table(
    "fetches",
    METADATA,
    Column("row", BigInteger, primary_key=True),
    Column("address", Text),
    Column("site", Text),
    Column("fetched_at", Instant),
    Column("outcome", Text),
    Column("reason", Text),
    Column("status", Integer),
    Column("canonical_url", Text),
    Column("size", BigInteger),
    Column("raw_sha256", Text),
    Column("archived", JSON(none_as_null=True)),
)
"""`archived` lists [file, offset, digest] of the page and of those that continue it."""

imports = Table("imports", METADATA, Column("file", Text, primary_key=True), Column("position", BigInteger))
"""Up to which byte each archive file was imported."""

templates = Table(
    "templates",
    METADATA,
    Column("site", Text, primary_key=True),
    Column("host", Text, primary_key=True),
    Column("title_source", Text),
    Column("layouts", JSON(none_as_null=True)),
)
"""`layouts` lists the fields of each one; null where none was learned."""

forgotten = Table(
    "forgotten",
    METADATA,
    Column("address", Text, primary_key=True),
    Column("at", Instant),
    Column("reason", Text),
)
"""One row an address that was forgotten: its digest, when and why."""

disbelieved = Table("disbelieved", METADATA, Column("address", Text, primary_key=True), Column("at", Instant))
"""One row an address that pages of different texts declared as theirs: its digest, and when that showed."""

corrections = Table(
    "corrections",
    METADATA,
    Column("address", Text, primary_key=True),
    Column("url", Text),
    Column("site", Text),
    Column("is_article", Integer),
    Column("fields", JSON),
    Column("raw_sha256", Text),
    Column("at", Instant),
)
"""One row an address whose page an editor judged."""

leases = Table(
    "leases",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("site", Text),
    Column("hosts", JSON),
    Column("shard", Text),
    Column("holder", JSON),
    Column("since", Instant),
    Column("heartbeat", Instant),
)
"""One row a crawl under way, or one that died."""

hosts = Table(
    "hosts",
    METADATA,
    Column("host", Text, primary_key=True),
    Column("failures", Integer),
    Column("openings", Integer),
    Column("until", Instant),
    Column("cause", Text),
)

robots = Table(
    "robots",
    METADATA,
    Column("origin", Text, primary_key=True),
    Column("content", Text),
    Column("fetched_at", Instant),
)

render_needs = Table(
    "render_needs",
    METADATA,
    Column("site", Text, primary_key=True),
    Column("empty", Integer),
    Column("vain", Integer),
    Column("plain", Integer),
    Column("since", Instant),
    Column("until", Instant),
)

sources = Table(
    "sources",
    METADATA,
    Column("address", Text, primary_key=True),
    Column("url", Text),
    Column("site", Text),
    Column("kind", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("fetched_at", Instant),
    Column("result", Text),
    Column("announced", Integer),
    Column("vain", Integer),
    Column("vain_at", Instant),
)

announced = Table(
    "announced",
    METADATA,
    Column("address", Text, primary_key=True),
    Column("url", Text),
    Column("site", Text),
    Column("source", Text),
    Column("announced_at", Instant),
)
"""One row an address that a source named before it was ever asked for."""

shingles = Table("shingles", METADATA, Column("key", BigInteger), Column("document", BigInteger))
"""One row a key and text that is found by it."""

site_paragraphs = Table(
    "site_paragraphs", METADATA, Column("site", Text, primary_key=True), Column("paragraphs", LargeBinary)
)

residue = Table(
    "residue",
    METADATA,
    Column("paragraph", BigInteger, primary_key=True),
    Column("texts", BigInteger),
    Column("seen", BigInteger),
)
"""One row a paragraph that a site repeats: how many swept texts hold it, and the last of them."""

copy_pairs = Table(
    "pairs",
    METADATA,
    Column("earlier", BigInteger, primary_key=True),
    Column("later", BigInteger, primary_key=True),
    Column("closeness", Double),
)
"""One row two texts that are copies, or, with a closeness below 0, have a part in common; of equal texts the
first one stands for all."""

unswept = Table(
    "unswept",
    METADATA,
    Column("document", BigInteger, primary_key=True),
    Column("is_linked", Integer),
)
"""One row a text whose story is to be looked at; `is_linked` is 0 where its pairs are to be found first."""

swept = Table("swept", METADATA, Column("document", BigInteger))
"""One row: up to which text the sweep has come."""
