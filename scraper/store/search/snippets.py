"""What of a text answers a query: the places in it, and the part that shows most of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.store.queries import Marked
from scraper.store.search.terms import is_of_word, joined_run, joined_units, terms
from scraper.writing import JOINED_LETTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scraper.store.search.expressions import Terms

LENGTH = 240
"""Characters of a snippet: two or three lines."""
_BEFORE = 60
"""Of them before the first hit."""
_SPACES = re.compile(r"\s")
_TITLE, _OTHER_FIELDS = "t_", ("a_", "g_", "s_", "l_", "k_", "d_")


class _Placed(NamedTuple):
    """A term, and where in the text it stands."""

    term: str
    start: int
    end: int


class _Place(NamedTuple):
    start: int
    end: int
    which: int
    """Of the terms that are looked for."""


def marked(text: str, code: str, wanted: Sequence[Terms]) -> Marked:
    """Return a text with the places that answer."""
    return Marked(text=text, marks=_joined(_places(text, code, wanted)))


def snippet(text: str, code: str, wanted: Sequence[Terms]) -> Marked:
    """Return the part of a text in which most of what is wanted stands, on one line."""
    places = _places(text, code, wanted)
    first, last = _best(places)
    start = _start(text, first)
    end = _end(text, max(start + LENGTH, last))
    shown = text[start:end].strip()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    inside = [
        place._replace(start=place.start - start + len(head), end=place.end - start + len(head))
        for place in places
        if start <= place.start and place.end <= start + len(shown)
    ]
    line = _SPACES.sub(" ", shown)
    return Marked(text=f"{head}{line}{tail}", marks=_joined(inside))


def _best(places: Sequence[_Place]) -> tuple[int, int]:
    """Return from where to where the most different things stand that are wanted, the first such part."""
    best = (0, 0, 0)
    for at, place in enumerate(places):
        near = [each for each in places[at : at + LENGTH] if each.end <= place.start + LENGTH - _BEFORE]
        number = len({each.which for each in near})
        if number > best[0]:
            best = (number, place.start, near[-1].end)
    return best[1:]


def _start(text: str, first: int) -> int:
    """Return where a snippet begins that shows a place: with a paragraph, or between words."""
    begin = max(0, first - _BEFORE)
    if not begin:
        return 0
    paragraph = text.rfind("\n", begin, first)
    space = text.find(" ", begin, first)
    return paragraph + 1 if paragraph >= 0 else space + 1 if space >= 0 else begin


def _end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - 30, end + 1)
    return space if space > 0 else end


def _places(text: str, code: str, wanted: Sequence[Terms]) -> list[_Place]:
    """Return where what is wanted stands, in the order of the text."""
    asked = [
        (which, tuple(term.removeprefix(_TITLE) for term in each.terms), each.is_prefix)
        for which, each in enumerate(wanted)
        if not each.terms[0].startswith(_OTHER_FIELDS)
    ]
    if not asked:
        return []
    placed = list(placed_terms(text, code))
    found = [
        _Place(placed[at].start, placed[at + len(sought) - 1].end, which)
        for which, sought, is_prefix in asked
        for at in _begins(placed, sought, is_prefix=is_prefix)
    ]
    return sorted(found)


def _begins(placed: Sequence[_Placed], sought: tuple[str, ...], *, is_prefix: bool) -> Iterator[int]:
    """Yield at which of a text's terms those that are sought begin."""
    *before, last = sought
    for at in range(len(placed) - len(before)):
        term = placed[at + len(before)].term
        if (term == last or (is_prefix and term.startswith(last))) and all(
            placed[at + each].term == before[each] for each in range(len(before))
        ):
            yield at


def placed_terms(text: str, code: str) -> Iterator[_Placed]:
    """Yield the terms of a text as `terms` gives them, each with its place."""
    known: dict[str, list[str]] = {}
    letters = "".join(filter(is_of_word, set(text)))
    if not letters:
        return
    for match in re.finditer(f"[{re.escape(letters)}]+", text):
        word = match[0]
        if not word.isascii() and JOINED_LETTER.search(word):
            yield from _placed_in_joined(word, match.start(), code)
            continue
        if word not in known:
            known[word] = terms(word, code)
        for term in known[word]:
            yield _Placed(term, match.start(), match.end())


def _placed_in_joined(word: str, start: int, code: str) -> Iterator[_Placed]:
    """Yield the pairs of letters, and what of other scripts stands between them."""
    at = 0
    for run in joined_run().finditer(word):
        for term in terms(word[at : run.start()], code):
            yield _Placed(term, start + at, start + run.start())
        units = joined_units(run[0])
        begins = [start + run.start()]
        for unit in units:
            begins.append(begins[-1] + len(unit))
        for term, first, last in zip(terms(run[0]), begins, [*begins[2:], begins[-1]], strict=False):
            yield _Placed(term, first, last)
        at = run.end()
    for term in terms(word[at:], code):
        yield _Placed(term, start + at, start + len(word))


def _joined(places: Iterable[_Place]) -> tuple[tuple[int, int], ...]:
    """Return the places, those that touch or overlap as one."""
    merged: list[tuple[int, int]] = []
    for place in places:
        if merged and place.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], place.end))
        else:
            merged.append((place.start, place.end))
    return tuple(merged)
