"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import Indel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WORD = re.compile(r"\S+")
MOST_CELLS = 4_000_000_000
"""Words of a text times those of another that are laid beside each other, in 500 MB; more are one change."""
LIKE = 0.5
"""Share of words in common from which a paragraph is a version of another."""


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

    Paragraphs are matched first, words only inside those that changed. A few words that stayed between longer
    changes are part of these, as a reader sees them.
    """
    old, new = before.splitlines(), after.splitlines()
    paragraphs: list[tuple[Change, ...]] = []
    for run in _runs(old, new):
        if run.is_equal:
            paragraphs += [(Change(before=line, after=line),) for line in old[run.start : run.end]]
        else:
            paragraphs += _pairs(old[run.start : run.end], new[run.other_start : run.other_end])
    return tuple(paragraphs)


class _Run(NamedTuple):
    """Places in both texts, equal or not."""

    is_equal: bool
    start: int
    end: int
    other_start: int
    other_end: int

    @property
    def size(self) -> int:
        return max(self.end - self.start, self.other_end - self.other_start)


def _runs(old: Sequence[str], new: Sequence[str]) -> list[_Run]:
    """Return the equal and the changed runs in turn."""
    if len(old) * len(new) > MOST_CELLS:
        return [_Run(old == new, 0, len(old), 0, len(new))]
    runs: list[_Run] = []
    for step in Indel.opcodes(old, new):
        run = _Run(step.tag == "equal", step.src_start, step.src_end, step.dest_start, step.dest_end)
        if runs and not run.is_equal and not runs[-1].is_equal:
            runs[-1] = _joined(runs[-1], run)
        else:
            runs.append(run)
    return runs


def _without_remnants(runs: Sequence[_Run]) -> list[_Run]:
    """Return the runs; an equal one that is shorter than the changes on both sides is one with them."""
    kept: list[_Run] = []
    for run in runs:
        kept.append(run)
        while len(kept) > 2 and not run.is_equal and kept[-2].size < min(kept[-1].size, kept[-3].size):  # noqa: PLR2004
            kept[-3:] = [_joined(kept[-3], kept[-1])]
    return kept


def _joined(first: _Run, last: _Run) -> _Run:
    return last._replace(is_equal=False, start=first.start, other_start=first.other_start)


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Change, ...]]:
    """Yield the changes of two runs of paragraphs: each old one beside the new one that is most like it."""
    place = 0
    words = [line.split() for line in new]
    for line in old:
        own = line.split()
        likeness = [Indel.normalized_similarity(own, other, score_cutoff=LIKE) for other in words[place:]]
        best = max(range(len(likeness)), key=likeness.__getitem__, default=-1)
        if best < 0 or likeness[best] < LIKE:
            yield (Change(before=line, after=""),)
            continue
        yield from ((Change(before="", after=other),) for other in new[place : place + best])
        yield tuple(_words(line, new[place + best]))
        place += best + 1
    yield from ((Change(before="", after=other),) for other in new[place:])


def _words(before: str, after: str) -> Iterator[Change]:
    old, new = WORD.findall(before), WORD.findall(after)
    for run in _without_remnants(_runs(old, new)):
        yield Change(
            before=" ".join(old[run.start : run.end]), after=" ".join(new[run.other_start : run.other_end])
        )
