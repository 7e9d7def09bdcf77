"""What a site says that machines may not do with a page: X-Robots-Tag, robots metas, TDM reservations."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scraper.model import Page

TDM = "tdm-reservation"
"""The site reserves mining of text and data (TDMRep, and Article 4 of the EU's directive 2019/790)."""
RESTRICTIONS = ("noindex", "noarchive", "nosnippet", "noai", "noimageai", "noimageindex", TDM)
"""What may be restricted."""
OURS = "news-scraper"
"""The product token by which a page may name us."""
_SAME = {"none": "noindex", "nocache": "noarchive"}
_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Rules, not names of robots, before a colon."""
_POLICY = "tdm-policy"
_BOT = re.compile(r"[a-z][a-z0-9._ -]*(?:bot|spider|crawler|scraper|extended)(?:-[a-z0-9]+)*")
"""What a meta that names a robot is called; others have the rules' words in their text by chance."""
_HEAD_BYTES = 1_000_000
"""Among which metas are sought: in none of 2,664 real pages does a rule for robots stand behind them."""
_MOST_METAS, _META_BYTES, _LONGEST_NAME = 300, 1_000, 60
_OPENING = re.compile(rb"<(?:(!--)|(meta)(?=[\s/])|(body)(?=[\s>/])|(script|style|title|template)(?=[\s>/]))")
"""In small letters: several times faster than a search that ignores case."""
_ATTRIBUTE = re.compile(rb"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?|(>)""")


class Restriction(NamedTuple):
    """One thing that one source of a page forbids."""

    name: str
    """One of RESTRICTIONS; where only another robot is meant, behind its name: `otherbot: noarchive`."""
    source: str
    """header:NAME or meta:NAME."""
    raw: str
    """As written."""


def restrictions_of(page: Page) -> tuple[Restriction, ...]:
    """Return what is said of a page, each thing once: by its headers and its metas.

    The nearest word on mining holds: a meta before a header.
    """
    return restrictions(page.headers, page.content)


def restrictions(headers: Iterable[tuple[str, str]], content: bytes = b"") -> tuple[Restriction, ...]:
    """Return the same of an answer's headers and content.

    >>> [each.name for each in restrictions([("X-Robots-Tag", "noai, otherbot: noarchive, nosnippet")])]
    ['noai', 'otherbot: noarchive', 'otherbot: nosnippet']
    """
    sent = [(name.lower(), value) for name, value in headers]
    metas = list(_metas(content))
    found: dict[str, Restriction] = {}
    for name, value in sent:
        if name == "x-robots-tag":
            _add(found, _rules(value), f"header:{name}", value)
    for name, value in metas:
        if name == "robots" or (len(name) <= _LONGEST_NAME and _BOT.fullmatch(name)):
            bot = "" if name == "robots" else name
            _add(found, _rules(value, bot), f"meta:{name}", value)
    mining = _mining(metas, "meta") or _mining(sent, "header")
    if mining is not None and mining.raw.startswith("1"):
        found[TDM] = mining
    return tuple(found.values())


def binding(found: Sequence[Restriction]) -> frozenset[str]:
    """Return what of it is said to every robot, or to us.

    >>> sorted(binding(restrictions([("X-Robots-Tag", "otherbot: noai"), ("X-Robots-Tag", "noarchive")])))
    ['noarchive']
    """
    return frozenset(each.name for each in found if ":" not in each.name)


def _add(found: dict[str, Restriction], names: Iterable[str], source: str, raw: str) -> None:
    for name in names:
        found.setdefault(name, Restriction(name, source, raw))


def _rules(text: str, bot: str = "") -> Iterator[str]:
    """Yield the restrictions in a value; a name before a colon holds for what follows."""
    for part in text.lower().split(","):
        first, colon, rest = part.partition(":")
        if first.strip() in _WITH_VALUE:
            continue
        if colon:
            bot = first.strip()
        rule = (rest if colon else first).strip()
        name = _SAME.get(rule, rule)
        if name in RESTRICTIONS and name != TDM:
            yield name if bot in {"", "*", OURS} else f"{bot}: {name}"


def _mining(said: Sequence[tuple[str, str]], kind: str) -> Restriction | None:
    """Return the word on mining, 1 or 0, with the address of the policy behind it."""
    word = next((value.strip() for name, value in said if name == TDM), "")
    if word not in {"0", "1"}:
        return None
    policy = next((value.strip() for name, value in said if name == _POLICY), "")
    return Restriction(TDM, f"{kind}:{TDM}", f"{word} {policy}".strip())


def _metas(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and content of the metas in a page's head, names in small letters.

    Read from the bytes: what may be kept is decided before a page is parsed, in bounded time.
    """
    head = content[:_HEAD_BYTES]
    if b"\0" in head[:1_000]:  # UTF-16
        head = head.replace(b"\0", b"")
    folded = head.lower()
    at = number = 0
    while (opening := _OPENING.search(folded, at)) and number < _MOST_METAS:
        comment, meta, body, raw = opening.groups()
        at = opening.end()
        if body:
            return
        if comment or raw:
            at = _end(folded, at, b"-->" if comment else b"</" + raw)
        if meta:
            number += 1
            named = _attributes(head[at : at + _META_BYTES])
            if named.get("name") and "content" in named:
                yield named["name"].strip().lower(), named["content"]


def _end(head: bytes, at: int, ending: bytes) -> int:
    """Return where an element that holds no markup ends: at the end of the head where nothing ends it."""
    found = head.find(ending, at)
    return found + len(ending) if found >= 0 else len(head)


def _attributes(tag: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(tag):
        name, double, single, bare, end = match.groups(b"")
        if end:
            break
        value = html.unescape((double or single or bare).decode("utf-8", "replace"))
        found.setdefault(name.decode("latin-1").lower(), value)
    return found
