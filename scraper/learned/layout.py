"""Where the body stands on the pages of a host that are built alike: learned from pages read in full.

A layout is a function of the set of pages that it was learned from; extract.body.known reads a body by it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

LEAST_PAGES = 10
"""Pages that a layout is learned from at least: from five, bodies of portals-dev lost .008."""
MOST_LAYOUTS = 12
"""Of a host: articles, galleries, live blogs, and what is left of earlier designs."""
_SAMPLE = 20
"""One page in so many is read in full whatever is known of its host."""
_TEXT, _OTHER, _HALF = 0.98, 0.02, 0.5
"""Share of the letters at a path that were body, from which all are, and to which none is: less than half if
it is a link, or stands elsewhere than most of the body. What lies between tells nothing, and a page with such
text is read in full. Headings at one path are all of one kind, whatever became of each: within the body, that
of what they stand above."""
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
LINK_MARK = " a"
"""Ends the path of a block that is a link for the most part."""
_MOST = 0.5
"""Of the pages: a text on more of them is the site's, not the article's."""
_SHORTEST = 0.5
"""Of the least body that was learned from: a page with less is in doubt."""
_TWICE = 2
"""How often what is none of the body is met at least, a text that recurs or a path within the body: once may
be an accident."""
_NAMED = "."
"""Stands before each name of an element in a path."""

Path = str
"""Tags and names from the root to the element of a block, and a mark where most of it is linked."""


class Observed(NamedTuple):
    """One block of a page that was read in full."""

    path: Path
    text: str
    """Its digest."""
    letters: int
    """0 where a rule decided on it, which holds wherever a block stands."""
    is_body: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One page that was read in full and with confidence: what stood where, and which of it was the body."""

    digest: str
    """Of the page's content, in hex."""
    place: Path
    """Of the element that holds most of the body."""
    blocks: tuple[Observed, ...] = field(repr=False)
    """In the order of the page."""

    @property
    def letters(self) -> int:
        """Of the body."""
        return sum(block.letters for block in self.blocks if block.is_body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the pages of a host are built on which the body stands at one place."""

    rules: str = field(repr=False)
    """As JSON: place, least letters, paths of the body, of other text, of both, digests of what goes."""
    doubted: str | None = None
    """Not None: a full reading gave another body, and it is used no more. What it gave since this moment (ISO
    8601; empty: ever) is to be extracted again."""

    @property
    def version(self) -> str:
        """Eight hexadecimal digits that name what it says."""
        return hashlib.sha256(self.rules.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a layout says, ready to be asked."""

    version: str
    place: Path
    least: int
    """Letters that a body has at least."""
    text: frozenset[Path]
    other: frozenset[Path]
    both: frozenset[Path]
    recurring: frozenset[str]
    """Digests of texts that are the site's, wherever they stand."""
    own: Mapping[str, bool]
    """Of elements with names that have text of one kind wherever they stand: whether that is the body's."""

    def is_body(self, path: Path) -> bool | None:
        """Tell whether the text at a path belongs to the body; None where nothing is known of it."""
        if path in self.other:
            return False
        if path in self.text:
            return True
        return None if path in self.both else self.own.get(last_step(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the body of a page was found."""

    layout: str | None = None
    """The version of the layout that gave it; None: it was read in full."""
    contradicted: str | None = None
    """The version of a layout that would have given another one than the full reading."""
    fitted: bool = False
    """A layout fitted, though the page was read in full to check it."""
    observation: Observation | None = None
    """What the page tells of how its host's pages are built."""


IN_FULL = Reading()


@lru_cache(maxsize=100)
def rules_of(layout: Layout) -> Rules:
    """Return what a layout says; a worker asks for the same ones page after page."""
    found = json.loads(layout.rules)
    kinds = defaultdict[str, set[bool | None]](set)
    for kind, name in ((True, "text"), (False, "other"), (None, "both")):
        for path in found[name]:
            if _NAMED in (step := last_step(path)):
                kinds[step].add(kind)
    return Rules(
        version=layout.version,
        place=found["place"],
        least=found["least"],
        **{name: frozenset(found[name]) for name in ("text", "other", "both", "recurring")},
        own={step: kind for step, (kind, *others) in kinds.items() if kind is not None and not others},
    )


def last_step(path: Path) -> str:
    """Return the element of a block without those around it.

    >>> last_step("html>body>div.story>p.lead")
    'p.lead'
    """
    return path.rpartition(">")[2]


def is_sample(digest: str) -> bool:
    """Tell by the digest of a page whether it is read in full to check what is known of its host.

    >>> is_sample("00000014" + 56 * "0"), is_sample("00000015" + 56 * "0")
    (True, False)
    """
    return int(digest[:8], 16) % _SAMPLE == 0


def digest_of(text: str) -> str:
    """Return what a text is known by among those that recur."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def learn_layouts(pages: Iterable[Observation]) -> tuple[Layout, ...]:
    """Return a layout for each place at which the body stands on enough pages, whatever their order."""
    by_place: dict[Path, dict[str, Observation]] = defaultdict(dict)
    for page in pages:
        by_place[page.place][page.digest] = page
    return tuple(
        _layout(place, [found[digest] for digest in sorted(found)])
        for place, found in sorted(by_place.items())
        if len(found) >= LEAST_PAGES
    )


def _layout(place: Path, pages: Sequence[Observation]) -> Layout:
    recurring = _recurring(pages)
    body: Counter[Path] = Counter()
    whole: Counter[Path] = Counter()
    for block in (block for page in pages for block in _with_headings(page.blocks, place)):
        letters = 0 if block.text in recurring else block.letters
        body[block.path] += letters * block.is_body
        whole[block.path] += letters
    pages_with = Counter(path for page in pages for path in {block.path for block in page.blocks})
    share = {
        path: body[path] / max(whole[path], 1)
        for path in sorted(whole)
        if body[path] or pages_with[path] >= _TWICE or not _is_inside(path, place)
    }
    rules = {
        "place": place,
        "least": int(_SHORTEST * min(page.letters for page in pages)),
        "text": [path for path in share if share[path] >= _bounds(path, place)[1]],
        "other": [path for path in share if share[path] <= _bounds(path, place)[0]],
        "both": [path for path in share if _bounds(path, place)[0] < share[path] < _bounds(path, place)[1]],
        "recurring": sorted(recurring),
    }
    return Layout(rules=json.dumps(rules, ensure_ascii=False, separators=(",", ":")))


def _with_headings(blocks: Sequence[Observed], place: Path) -> Iterator[Observed]:
    """Yield the blocks from the last to the first, each heading within the body as what it stands above.

    Short as it is, a full reading of one page leaves many a one out.
    """
    is_above_body = False
    for block in reversed(blocks):
        if not _is_heading(block.path):
            is_above_body = block.is_body
        elif _is_inside(block.path, place):
            yield block._replace(letters=1, is_body=is_above_body)
            continue
        yield block


def _is_heading(path: Path) -> bool:
    return last_step(path).partition(_NAMED)[0] in _HEADINGS


def _is_inside(path: Path, place: Path) -> bool:
    return f"{path}>".startswith(f"{place}>") and not path.endswith(LINK_MARK)


def _bounds(path: Path, place: Path) -> tuple[float, float]:
    """Return the share of the body's letters up to which a path has none of it, and from which only it."""
    if _is_heading(path):
        return _HALF, _HALF
    return (_OTHER if _is_inside(path, place) else _HALF), _TEXT


def _recurring(pages: Sequence[Observation]) -> frozenset[str]:
    """Return the digests of what was never body and recurs, and of what stands on most pages."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({block.text for block in page.blocks})
    kept = {block.text for page in pages for block in page.blocks if block.is_body}
    return frozenset(
        text
        for text, times in seen.items()
        if times > _MOST * len(pages) or (times >= _TWICE and text not in kept)
    )
