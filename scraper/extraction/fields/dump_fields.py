"""What the lines of a page text dump say: the fields that markup would name, by how they are printed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.extraction.fields.candidates import Finding, finding, settle
from scraper.extraction.fields.source_lines import is_rights_notice
from scraper.extraction.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.extraction.page.blocks import Decision
    from scraper.model import Site

_BESIDE = 3
"""Lines between a headline and its kicker."""
_NEAR = 12
"""Lines before the body among which its headline stands; further up are menus and teasers."""
_TITLE = range(15, 221)
_NAME = range(3, 61)
_STANDFIRST = range(60, 701)
_MAX_TEASERS = 2
"""Times that a headline may stand before the body: once as the page's title and once above the text."""

_SENTENCE = re.compile(r"[.!?…][\"”»’)]*\Z")
_LABEL = re.compile(
    r"\A\W*(?:text by|by\b|von\b|par\b|por\b|source\b|latest update|date created|published|updated|"
    r"posted|advertisements?|"
    r"anzeige|publicidad|publicité|read more|share|print|comments?|click to|leave a reply|related|photo|"
    r"image)",
    re.IGNORECASE,
)
_PUBLISHED_BY = re.compile(
    r"\b(?:published|issued|distributed|veröffentlicht|publié|publicado)\b[^.]{0,40}?\b(?:by|von|par|"
    r"por)\s+(?:the\s+)?(?P<name>[A-ZÀ-Þ][^.,;]{2,80})"
)
_SIGNED = re.compile(
    r"\A\s*[—–-]{1,2}\s*(?P<name>[^—–-]{3,50}?)\s+(?:editors?|staff|newsroom|redaktion)\s*\Z", re.IGNORECASE
)
_ARCHIVED = re.compile(
    r"\A\s*(?:legacy|archives?(?: of)?(?: the)?|©(?: \d{4})?|"
    r"copyright(?: \d{4})?)\s+(?P<name>[A-ZÀ-Þ][^.,;|]{2,50})\s*\Z",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\A[^/]{2,40}\s/\s(?P<name>[A-ZÀ-Þ][^/]{2,40})\Z")
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """The lines of a dump before, in and after the body."""

    before: tuple[str, ...]
    body: tuple[str, ...]
    after: tuple[str, ...]


def lines(decisions: Sequence[Decision]) -> Dump:
    """Return the lines about the body; nothing of a dump without one."""
    kept = [index for index, decision in enumerate(decisions) if decision.kept]
    if not kept:
        return Dump(before=(), body=(), after=())
    texts = [decision.block.text for decision in decisions]
    return Dump(
        before=tuple(texts[: kept[0]]),
        body=tuple(texts[index] for index in kept),
        after=tuple(texts[kept[-1] + 1 :]),
    )


def recognise(text: str, sites: Iterable[Site]) -> Site | None:
    """Return the one site whose text markers all occur in a dump; None where no site or several sites fit."""
    fitting = [
        site for site in sites if site.text_markers and all(marker in text for marker in site.text_markers)
    ]
    return fitting[0] if len(fitting) == 1 else None


def find_title(dump: Dump) -> tuple[Finding, ...]:
    """Return the lines before the body that may be its headline."""
    counts = Counter(fold(line) for line in dump.before)
    words = set(fold(" ".join(dump.body)).split())
    found = []
    for distance, line in enumerate(reversed(dump.before[-_NEAR:])):
        if (
            len(line) not in _TITLE
            or _LABEL.match(line)
            or (_SENTENCE.search(line) and not line.endswith("?"))
        ):
            continue
        if len(fold(line).split()) < 3 or line.isupper() or counts[fold(line)] > _MAX_TEASERS:  # noqa: PLR2004 - a name
            continue
        own = fold(line).split()
        shared = sum(word in words for word in own) / len(own)
        score = 0.35 + 0.4 * shared + (0.2 if counts[fold(line)] > 1 else 0) - distance / 50
        found.append(
            finding(
                "text:headline", line, line, round(max(0.0, min(0.95, score)), 3), "its words are the body's"
            )
        )
    return settle(found, key=fold)


def find_kicker(dump: Dump, title: str | None) -> tuple[Finding, ...]:
    """Return the line in capitals that stands beside the headline."""
    places = [index for index, line in enumerate(dump.before) if title and line == title]
    found = []
    for index, line in enumerate(dump.before):
        if (
            line.isupper()
            and len(line) in _NAME
            and len(line.split()) > 1
            and any(abs(index - place) <= _BESIDE for place in places)
        ):
            found.append(finding("text:line in capitals", line, line, 0.6))
    return settle(found, key=fold)


def find_standfirst(dump: Dump, title: str | None) -> tuple[Finding, ...]:
    """Return the sentence between the headline and the body."""
    place = max((index for index, line in enumerate(dump.before) if title and line == title), default=None)
    found = [
        finding("text:before the body", line, line, 0.7)
        for line in (dump.before[place + 1 :] if place is not None else ())
        if len(line) in _STANDFIRST
        and _SENTENCE.search(line)
        and not _LABEL.match(line)
        and not is_rights_notice(line)
    ]
    return settle(found[-1:], key=fold)


def find_publisher(dump: Dump) -> tuple[Finding, ...]:
    """Return the names under which the page says that it is published; agreement decides."""
    named: list[tuple[str, str, float]] = []
    for line in (*dump.before, *dump.after):
        if match := _PUBLISHED_BY.search(line):
            named.append((line, _shortest(match["name"], dump), 0.8))
        for pattern, score in ((_SIGNED, 0.6), (_ARCHIVED, 0.5)):
            if match := pattern.match(line):
                named.append((line, match["name"], score))
    pairs = [(line, _PAIR.match(line)) for line in dump.before[-3:]]
    named += [(line, match["name"], 0.55) for line, match in pairs if match]
    counts = Counter(fold(name) for _, name, _ in named)
    found = [
        finding("text:publisher", line, name, min(0.95, score + 0.1 * (counts[fold(name)] - 1)))
        for line, name, score in named
    ]
    return settle(found, key=fold)


def _shortest(name: str, dump: Dump) -> str:
    """Return the first of two joined names, unless the page's head prints them joined."""
    head = " ".join(dump.before[:6])
    return name.strip() if name in head else re.split(r"\s+(?:and|und|et|y|&)\s+", name)[0].strip()


def find_tags(dump: Dump) -> tuple[Finding, ...]:
    """Return the subjects of the first line after the body that runs names together: "RegionWorld News"."""
    for line in dump.after[:4]:
        parts = tuple(part.strip() for part in _GLUED.split(line))
        if len(parts) > 1 and all(len(part) in _NAME for part in parts) and not _SENTENCE.search(line):
            return settle([finding("text:names run together", line, parts, 0.6)])
    return ()


def find_section(dump: Dump, tags: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return the subject that the page's head names too, or the heading of its notice of rights."""
    head = f" {fold(' '.join(dump.before))} "
    found = [finding("text:subject in the head", tag, tag, 0.6) for tag in tags if f" {fold(tag)} " in head]
    found += [
        finding("text:heading of the notice", line, line, 0.5)
        for line, following in zip(dump.after, dump.after[1:], strict=False)
        if is_rights_notice(following) and _is_heading(line)
    ]
    return settle(found, key=fold)


def _is_heading(line: str) -> bool:
    return len(line) in _NAME and not _SENTENCE.search(line) and not _LABEL.match(line)


def find_rights(dump: Dump) -> tuple[Finding, ...]:
    """Return the notice of rights, without the description of a picture that ran into it."""
    found = []
    for line in (*dump.after, *dump.before):
        if is_rights_notice(line):
            head = _GLUED.search(line[:40])
            notice = line[head.start() :] if head else line
            found.append(finding("text:rights notice", line, notice, 0.8 if len(notice) > 60 else 0.6))  # noqa: PLR2004 - a whole sentence
    return settle(found, key=fold)
