"""When an article was published, modified and created, by its markup, its text and its address."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from scraper.extract import dates, jsonld
from scraper.extract.findings import Finding, finding, settle, winner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extract.evidence import Evidence
    from scraper.extract.harvest import Mark

Named = tuple[str, str, float]
"""Source, as printed, score."""

_META_PUBLISHED = (
    *(
        "article:published_time",
        "og:article:published_time",
        "article:published",
        "datepublished",
        "pubdate",
        "publishdate",
    ),
    *(
        "publish-date",
        "publish_date",
        "published",
        "parsely-pub-date",
        "sailthru.date",
        "cxenseparse:recs:publishtime",
    ),
    *(
        "dc.date.issued",
        "dcterms.created",
        "dc.date.created",
        "dcterms.date",
        "dc.date",
        "article.published",
        "publication_date",
    ),
    *(
        "citation_publication_date",
        "citation_date",
        "bt:pubdate",
        "ptime",
        "date",
        "og:published_time",
        "article_date_original",
    ),
)
_PUBLISHED_NAME = re.compile(
    r"publi(?:sh|c)\w*[-_.: ]?(?:date|time|on|at)\b|dat[eu]\w*[-_.: ]?(?:publi|issued)|issued\Z"
)
_META_MODIFIED = (
    *(
        "article:modified_time",
        "og:updated_time",
        "article:modified",
        "datemodified",
        "lastmod",
        "last-modified",
        "dcterms.modified",
    ),
    *("dc.date.modified", "article.updated", "modified", "revised", "og:modified_time"),
)
# these are searched in lower-case text: ten times faster than a search that ignores case
_MODIFIED_WORDS = re.compile(
    r"modif|updat|aktualis|geändert|mis à jour|mise à jour|màj|actualiz|aggiorn|atualiz|bijgewerkt|"
    r"oppdatert|uppdaterad|opdateret|"
    r"zaktualiz|güncel|обновл|更新|수정|cập nhật|päivitetty|stand\s*:"
)
_CREATED_WORDS = re.compile(
    r"\b(?:date created|created(?: on)?|erstellt|créé|date de création|creado|fecha de creación|creato|"
    r"data di creazione|criado|data de criação)\b"
)
_PUBLISHED_WORDS = re.compile(
    r"publi[sc]|posted|erschienen|veröffentlicht|publié|pubblicat|gepubliceerd|publicerad|publisert|"
    r"udgivet|opublikowan|yay[ıi]n|"
    r"опубликован|公開|配信|掲載|입력|등록|发布|發布|đăng|julkaistu|közzétéve"
)
_NOTICE = re.compile(
    r"\b(?:has been|was|wurde am|a été|ha sido|foi) (?:published|publi(?:é|cad[oa])|veröffentlicht)\b.{0,40}",
    re.IGNORECASE,
)
_WORDS = {"created": _CREATED_WORDS, "published": _PUBLISHED_WORDS, "modified": _MODIFIED_WORDS}
_PAGES = frozenset({"WebPage", "NewsArticle", "Article"})
_NOT_THE_ARTICLES = re.compile(
    r"comment|related|teaser|card|sidebar|footer|recommend|event|birth|expire|copyright|listing"
)
_FAR = 500
"""Elements after the headline; a date farther on is another article's."""
_NEAR = 100
"""Elements before the headline among which its date may stand."""
_MAX_LINE = 160
_MAX_MARKS = 6
"""Of one kind; the article's own date is among the first after its headline."""
_FIGURE = re.compile(r"\d")
"""Without one, a line names no date: most lines are spared a closer look."""
_MAX_BARE = 60
"""Characters of a line that holds a date and does not say which."""
_FINE = 0.5
"""Least score of a finding that may give another's day its time."""
_UNSAID = 0.15
"""What a date loses that does not say whether it is the publication's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The candidates for an article's dates."""

    published: tuple[Finding, ...]
    modified: tuple[Finding, ...]
    created: tuple[Finding, ...]


def find_dates(evidence: Evidence, language: str | None) -> Dates:
    """Return the candidates for the dates of publication, last change and creation."""
    url, hints = evidence.document.page.url, evidence.document.page.hints
    printed = _printed(evidence)
    day = dates.in_url(url) if url else None
    raws = [*_declared(evidence), *printed["published"], *([("url", day, 0.55)] if day else [])]
    raws += [(source, raw, 0.3) for source, raw, _ in printed["created"]]  # better than nothing
    published = _settled(evidence, raws, language, day)
    won = winner(published)
    near = won.value if won else day
    raws = _json(evidence, "dateModified", 0.95) + _meta(evidence, _META_MODIFIED)
    raws += _items(evidence, "datemodified") + printed["modified"]
    raws += [(hints.source, hints.modified, 0.5)] if hints and hints.modified else []
    modified = [
        item
        for item in _settled(evidence, raws, language, near)
        if not won or item.value[:10] >= won.value[:10] or dates.same_day(item.value, won.value)
    ]
    raws = _json(evidence, "dateCreated", 0.95) + _items(evidence, "datecreated") + printed["created"]
    return Dates(
        published=published,
        modified=tuple(modified) if winner(modified) else settle(modified),
        created=_settled(evidence, raws, language, near),
    )


def _declared(evidence: Evidence) -> Iterator[Named]:
    harvest, hints = evidence.harvest, evidence.document.page.hints
    yield from _json(evidence, "datePublished", 0.95)
    for node in harvest.graph:
        if node is not harvest.article and _PAGES & set(jsonld.types(node)):
            for text in jsonld.texts(node.get("datePublished"))[:1]:
                yield "json-ld", text, 0.75
            break
    yield from _meta(evidence, _META_PUBLISHED)
    for name, values in harvest.meta.items():
        if name not in _META_PUBLISHED and _PUBLISHED_NAME.search(name):
            yield f"meta:{name}", values[0], 0.75
    yield from _items(evidence, "datepublished")
    if hints and hints.published:
        yield hints.source, hints.published, 0.65
    yield from _json(evidence, "dateCreated", 0.6)
    yield from _json(evidence, "uploadDate", 0.5)


def _json(evidence: Evidence, key: str, score: float) -> list[Named]:
    return [("json-ld", text, score) for text in jsonld.texts(evidence.node(key))[:1]]


def _meta(evidence: Evidence, names: tuple[str, ...]) -> list[Named]:
    meta = evidence.harvest.meta
    return [
        (f"meta:{name}", meta[name][0], 0.9 - place / 200) for place, name in enumerate(names) if name in meta
    ]


def _items(evidence: Evidence, name: str) -> list[Named]:
    found: list[Named] = []
    for mark in evidence.harvest.items.get(name, ())[:3]:
        if not _is_elsewhere(mark):
            found += [("microdata", raw, 0.85) for raw in (mark.value or mark.text,) if raw]
    return found


def _printed(evidence: Evidence) -> dict[str, list[Named]]:
    """Return the dates in time elements, date-like elements and lines around the body, by what they are."""
    harvest = evidence.harvest
    start = next((mark.order for mark in harvest.headings if mark.text), 0)
    found: dict[str, list[Named]] = {"published": [], "modified": [], "created": []}
    for marks, base in ((harvest.times, 0.7), (harvest.roles.get("date", ()), 0.6)):
        near = [mark for mark in marks if start - _NEAR < mark.order < start + _FAR]
        near.sort(key=lambda mark: (mark.order < start, mark.order))
        own = (mark for mark in near if not _is_elsewhere(mark))
        for place, mark in enumerate(islice(own, _MAX_MARKS)):
            text = mark.text
            if len(text) <= _MAX_LINE:
                _add(found, f"html:{mark.selector}", _label(mark), mark.value or text, base - place / 50)
                if mark.value and text != mark.value:
                    _add(found, f"html:{mark.selector}", _label(mark), text, base - place / 50 - 0.05)
    for block in (*evidence.before, *evidence.early, *evidence.after):
        if not _FIGURE.search(block.text):
            continue
        if match := _NOTICE.search(block.text):
            found["published"].append(("text:notice", match[0], 0.6))
        elif len(block.text) <= (_MAX_LINE if _kind(block.text) else _MAX_BARE):
            _add(found, "text:date line", "", block.text, 0.5)
    return found


def _add(found: dict[str, list[Named]], source: str, label: str, raw: str, score: float) -> None:
    """Add a text for each kind of date that it names, or as the publication's where nothing is said."""
    lower = raw.lower()
    kinds = {kind: match.start() for kind, words in _WORDS.items() if (match := words.search(lower))}
    if not kinds:
        kind = _kind(label)
        found[kind or "published"].append((source, raw, score if kind else score - _UNSAID))
    for kind, start in kinds.items():
        found[kind].append((source, raw[start:], score))


def _label(mark: Mark) -> str:
    """Return the classes of an element and the words before it, which may tell what its date is."""
    element, parent, previous = mark.element, mark.element.getparent(), mark.element.getprevious()
    names = [element.get("class"), element.get("itemprop")]
    if parent is not None:
        names += [parent.get("class"), parent.text if previous is None else None]
    if previous is not None:
        names += [(previous.tail or "").strip() or previous.text]
    return " ".join(name[-60:] for name in names if name)


def _kind(words: str) -> str:
    """Return what a date is by the words around it, or "" where they do not say."""
    lower = words.lower()
    return next((kind for kind, pattern in _WORDS.items() if pattern.search(lower)), "")


def _is_elsewhere(mark: Mark) -> bool:
    element = mark.element
    for _ in range(4):
        if element is None or element.tag in {"body", "article", "main"}:
            return False
        names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
        if element.tag in {"footer", "aside", "figure"} or _NOT_THE_ARTICLES.search(names):
            return True
        element = element.getparent()
    return False


def _settled(
    evidence: Evidence, raws: list[Named], language: str | None, near: str | None
) -> tuple[Finding, ...]:
    """Return the plausible dates, the winner in the most precise form that any source gives of its day."""
    site, page = evidence.document.site, evidence.document.page
    found = []
    for source, raw, score in raws:
        value = dates.parse(raw, language=language, zone=site.timezone, near=near)
        if value and dates.is_plausible(value, page.fetched_at):
            found.append(finding(source, raw, value, score))
    settled = settle(found, key=lambda value: value[:10])
    won = winner(settled)
    if won is None or dates.precision(won.value) == 2:  # noqa: PLR2004 - an instant
        return settled
    finer = [
        item
        for item in found
        if dates.same_day(item.value, won.value) and dates.precision(item.value) > dates.precision(won.value)
    ]
    finer = [item for item in finer if item.score >= _FINE]
    if not finer:
        return settled
    best = max(finer, key=lambda item: (dates.precision(item.value), item.score))
    refined = dataclasses.replace(
        best, won=True, score=max(won.score, best.score), why="the same day, with its time"
    )
    return tuple(refined if item is best else item for item in found)
