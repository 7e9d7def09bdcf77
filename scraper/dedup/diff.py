"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A run of words in one text and in the other; equal where nothing changed."""

    before: str
    after: str

    @property
    def is_equal(self) -> bool:
        """True where nothing changed."""
        return self.before == self.after


def changes_of(before: str, after: str) -> tuple[tuple[Change, ...], ...]:
    """Return the paragraphs, each as its runs of equal and changed words.

    Paragraphs are matched first, words only inside those that changed: linear in what did not change.
    """
    old, new = before.splitlines(), after.splitlines()
    paragraphs: list[tuple[Change, ...]] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            paragraphs += [(Change(before=line, after=line),) for line in old[start:end]]
        else:
            paragraphs += _pairs(old[start:end], new[other_start:other_end])
    return tuple(paragraphs)


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Change, ...]]:
    """Yield the changes of two runs of paragraphs: each old one beside the new one that is most like it."""
    place = 0
    for line in old:
        likeness = [_likeness(line, other) for other in new[place:]]
        best = max(range(len(likeness)), key=likeness.__getitem__, default=-1)
        if best < 0 or likeness[best] < 0.5:  # noqa: PLR2004 - half of the words
            yield (Change(before=line, after=""),)
            continue
        yield from ((Change(before="", after=other),) for other in new[place : place + best])
        yield tuple(_words(line, new[place + best]))
        place += best + 1
    yield from ((Change(before="", after=other),) for other in new[place:])


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def _words(before: str, after: str) -> Iterator[Change]:
    old, new = WORD.findall(before), WORD.findall(after)
    for _, start, end, other_start, other_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        yield Change(before=" ".join(old[start:end]), after=" ".join(new[other_start:other_end]))
