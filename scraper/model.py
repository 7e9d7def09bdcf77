"""The nouns of the project: frozen values that each step takes or returns."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from scraper.rendering import Rendering

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from scraper.text_blocks import TextBlock

ArticleId = NewType("ArticleId", str)
"""16 hex digits."""


class Kind(StrEnum):
    """What a page is."""

    ARTICLE = "article"
    LIVE_BLOG = "live_blog"
    TEASER = "teaser"
    """An article that a paywall cut."""
    LIST = "list"
    CONSENT = "consent"
    BOT_WALL = "bot_wall"
    ERROR = "error"
    EMPTY = "empty"
    NOT_NEWS = "not_news"

    @property
    def is_stored(self) -> bool:
        """True for the kinds that become articles; a page of any other kind is rejected."""
        return self in {Kind.ARTICLE, Kind.LIVE_BLOG, Kind.TEASER}

    @property
    def is_lasting(self) -> bool:
        """True for what an address goes on being; a wall, an error or an empty page may be gone tomorrow.

        An editor's decision outlives the bytes that were judged only against these, and only they give way to
        a source that announced the page as an article.
        """
        return self.is_stored or self in {Kind.LIST, Kind.NOT_NEWS}


class Reason(StrEnum):
    """Why a fetched page did not become an article."""

    LIST = "list"
    CONSENT = "consent"
    BOT_WALL = "bot_wall"
    ERROR = "error"
    EMPTY = "empty"
    NOT_NEWS = "not_news"
    NOT_HTML = "not_html"
    """The bytes are no HTML page: an image, an archive, a PDF."""
    TOO_LARGE = "too_large"
    OUT_OF_RANGE = "out_of_range"
    """Published outside the span of time that was asked for."""
    RESTRICTED = "restricted"
    """The page forbids what the setting `no_article_of` names."""
    FORGOTTEN = "forgotten"
    """Its address was forgotten: nothing of the page is kept, not even that it came."""
    EXTRACTION_TIMEOUT = "extraction_timeout"
    EXTRACTION_CRASH = "extraction_crash"

    @property
    def is_quarantine(self) -> bool:
        """True where nobody knows what the page is: its extraction came to no end, not even degraded."""
        return self in {Reason.EXTRACTION_TIMEOUT, Reason.EXTRACTION_CRASH}


class RelationKind(StrEnum):
    """What an article is to an earlier one."""

    UNCHANGED = "unchanged"
    REVISION = "revision"
    NEAR_DUPLICATE = "near_duplicate"
    SYNDICATED = "syndicated"
    CONTAINS = "contains"
    """A round-up that holds the story among others: a link only, never the article's own relation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is declared about one news site."""

    name: str
    """Short and unique; the spider's name."""
    publisher: str | None = None
    domains: tuple[str, ...] = ()
    """The registered hosts; subdomains belong to them."""
    home: str | None = None
    sitemaps: tuple[str, ...] = ()
    """Addresses of sitemaps beside those that robots.txt names."""
    feeds: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    """Addresses of pages that link to articles."""
    articles: tuple[str, ...] = ()
    """Regular expressions, searched in the address: one must match an article's."""
    not_articles: tuple[str, ...] = ()
    """Regular expressions, searched in the address: none may match an article's."""
    language: str | None = None
    """BCP 47; what the pages are written in when they do not say."""
    timezone: str | None = None
    """IANA name; the zone of dates that name none."""
    encoding: str | None = None
    """Of pages that declare none and are not UTF-8."""
    least_confidence: float | None = None
    """From 0 to 1: a page that is less likely an article is refused; None takes the fitted cut-off."""
    agencies: Mapping[str, str] = field(default_factory=dict)
    """Further news agencies: as the site prints them → as they are stored."""
    text_markers: tuple[str, ...] = ()
    """Strings that all occur in a text dump of any of its pages."""
    rendered: bool | None = None
    """A browser makes its pages and sections; None: where crawls find that they come out empty without."""
    rendering: Rendering = field(default_factory=Rendering)
    images: str | None = None
    """"lead": the lead image of each article is fetched and kept beside the archive; None: no picture is."""

    def claims(self, address: str) -> bool | None:
        """Tell whether the site's own patterns call the address an article's; None where they say nothing."""
        if any(re.search(pattern, address) for pattern in self.not_articles):
            return False
        return any(re.search(pattern, address) for pattern in self.articles) if self.articles else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a feed or sitemap said about an address before it was fetched."""

    source: str
    """"feed" or "sitemap"."""
    title: str | None = None
    published: str | None = None
    """As printed."""
    modified: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where the archive holds what was fetched."""

    file: str
    """Below the archive's place."""
    offset: int
    """Of the response's record, in bytes."""
    digest: str
    """Of the payload, as in the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an editor decided about the page at an address: it stands above what extraction finds there."""

    is_article: bool
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    """ISO 8601; each of these three where the editor gave one."""
    raw_sha256: str
    """Of the content that the editor saw."""
    at: datetime


TELLING_HEADERS = frozenset({"link", "x-robots-tag", "tdm-reservation", "tdm-policy"})
"""Headers that say of a page what else only its markup says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One fetched response."""

    url: str | None
    """After redirects; None for a file of unknown origin."""
    requested: str | None = None
    """The address that was asked for; None where it is the same."""
    content: bytes = field(repr=False)
    content_type: str | None = None
    """The Content-Type header."""
    headers: tuple[tuple[str, str], ...] = ()
    """Of the answer those in TELLING_HEADERS, by their names in small letters."""
    status: int = 200
    fetched_at: datetime | None = None
    """Aware; no date that the page names can be much later. None for a file of unknown age."""
    hints: Hints | None = None
    is_text: bool = False
    """The content is a page's text without markup."""
    archived: Pointer | None = None
    is_rendered: bool = False
    """The content is what a browser made of the answer."""
    unrendered: bytes | None = field(default=None, repr=False)
    """The page in UTF-8 as it came, before a browser made the content, where both are to be compared."""
    correction: Correction | None = None
    """An editor's; None where nobody decided anything about the page."""

    @staticmethod
    def telling(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return what a page keeps of the headers of its answer."""
        small = ((name.lower(), value) for name, value in headers)
        return tuple((name, value) for name, value in small if name in TELLING_HEADERS)

    @property
    def raw_sha256(self) -> str:
        """The SHA-256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the value of a field came from."""

    source: str
    """json-ld, meta:NAME, microdata, html:SELECTOR, text:RULE, url, feed, sitemap, site, editor or absent."""
    raw: str | None = None
    """The value as it stood there."""
    confidence: float = 1.0
    """From 0 to 1."""


ABSENT = Provenance(source="absent")
"""Looked for, and the page has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """The wire agency or other source that a page names for its text."""

    agencies: tuple[str, ...] = ()
    line: str | None = None
    """The line that names them, as printed."""
    original_publisher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """Place and date at the start, or in the credit, of a text."""

    place: str | None = None
    date: str | None = None
    """ISO 8601."""
    line: str | None = None
    """As printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of an article."""

    url: str
    caption: str | None = None
    credit: str | None = None
    file: str | None = None  # of the picture itself, below the archive's place


@dataclass(frozen=True, slots=True, kw_only=True)
class KindVerdict:
    """How sure it is that a stored page is what its kind says, and what speaks for and against it."""

    confidence: float
    """From 0 to 1; of an article, how likely the page is one."""
    evidence: str
    """Sentences that an editor understands, with semicolons between."""
    in_doubt: bool = False
    """More likely none, and kept because a lost article costs more than a stored list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A clean article. Dates are ISO 8601 strings with the precision that the page gave."""

    url: str | None
    canonical_url: str | None
    declared_url: str | None = None
    """What the page declares, as a link; `canonical_url` is what addresses are compared by."""
    site: str | None
    publisher: str | None = None
    kind: Kind = Kind.ARTICLE
    verdict: KindVerdict | None = None
    """None where an earlier version stored it."""
    title: str | None = None
    kicker: str | None = None
    standfirst: str | None = None
    description: str | None = None
    body: str = field(repr=False)
    """Paragraphs, one a line."""
    blocks: tuple[TextBlock, ...] = field(default=(), repr=False)
    """The same text with its structure; empty where an earlier version stored it."""
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    credit: Credit | None = None
    dateline: Dateline | None = None
    published: str | None = None
    modified: str | None = None
    created: str | None = None
    source_date: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    rights: str | None = None
    license_url: str | None = None
    restrictions: tuple[str, ...] = ()
    """What the site says that machines may not do with the page; see scraper.restrictions."""
    images: tuple[Image, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=dict, repr=False)
    raw_sha256: str
    fetched_at: datetime | None
    extractor: str
    """The versions that made it, this project's and trafilatura's, and a digest of the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A fetched page that is no article, and why."""

    url: str | None
    site: str | None
    reason: Reason
    detail: str
    """The evidence, in one sentence."""
    confidence: float = 1.0
    raw_sha256: str
    fetched_at: datetime | None
    status: int = 200

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that name this page at this address; `scraper explain` takes them."""
        return hashlib.sha256(f"{self.url}\n{self.raw_sha256}".encode()).hexdigest()[:16]

    @property
    def kind(self) -> Kind | None:
        """What the page is, where the reason says so."""
        return next((kind for kind in Kind if kind.value == self.reason.value), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What an article is to an earlier one, and how sure."""

    kind: RelationKind
    to: ArticleId
    score: float
    """From 0 to 1."""
    evidence: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What deduplication compares of a text; made from the text again where it is needed, never stored."""

    version: int
    """Of the normalisation and the hash: only equal versions compare."""
    content_hash: str
    """Of the normalised body, in hex, its version before a colon."""
    tokens: bytes = field(default=b"", repr=False)
    """The 64-bit hashes of the words in order, little-endian; the lowest bit marks numbers and capitals."""
    paragraphs: bytes = field(default=b"", repr=False)
    """How many words each paragraph has, as 32-bit integers, little-endian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as the store knows it."""

    id: ArticleId
    article: Article
    content_hash: str
    revision: int = 1
    """Counted from 1."""
    relation: Relation | None = None
    first_seen: datetime
    """When the first revision was fetched."""
    gone: datetime | None = None
    """Since when its address answers 404 or 410, or leads to the site's home page; None while it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to be done with an article: a relation of None means that it is new."""

    article: Article
    signature: Signature
    relation: Relation | None = None
    links: tuple[Relation, ...] = ()
    """Further accepted edges, such as the stories that a round-up contains."""
    pairs: tuple[tuple[int, float], ...] = ()
    """The texts of which this one is a copy, as the index numbers them, and how close they are."""
    story: int = 0
    """The story that the text joins, as the index numbers it; 0: a story of its own."""
    expected_revision: int = 0
    """The revision that the address had when this was decided; 0: none."""
