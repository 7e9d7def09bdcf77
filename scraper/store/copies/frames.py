"""The paragraphs of a batch that are no story's own, and of stored texts; used by store.copies."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scraper.dedup.frames import frames_among
from scraper.dedup.stories import Holder, Paragraph, Stories, residue_of
from scraper.dedup.words import Words, shares_of_names
from scraper.store.copies.records import HELD_BYTES, held_paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from scraper.dedup.index import StoryIndex
    from scraper.dedup.stories import Pair


class HeldText(NamedTuple):
    """A record that shares keys with others."""

    document: int
    twin: int
    """The first record of the same words."""
    site: str | None
    paragraphs: bytes


class Frames:
    """What the texts of a batch repeat."""

    def __init__(
        self,
        rows: Sequence[HeldText],
        stories: Stories,
        addresses: Iterable[Pair],
        words: Callable[[int], Words],
    ) -> None:
        """Find it, among texts that make these stories as they are; `addresses` had pairs of them."""
        of_address = Stories(addresses)
        self._rows = rows
        self._paragraphs = held_paragraphs(b"".join(row.paragraphs for row in rows))
        counts = np.array([len(row.paragraphs) // HELD_BYTES for row in rows], dtype=np.int64)
        self._holders = np.repeat(np.arange(len(rows)), counts)
        ends = np.cumsum(counts)
        self._held = {
            row.twin: self._paragraphs[begin:end]
            for row, begin, end in zip(rows, ends - counts, ends, strict=True)
            if row.document == row.twin
        }
        repeated = list(self._repeated(stories))
        of_stories = residue_of(repeated, stories.of)
        others = (each for each in repeated if each.key not in of_stories)
        of_sites = frames_among(others, lambda document: self._text(document, words), of_address.of)
        self.keys = sorted(of_stories | of_sites)
        """Of the paragraphs that are no story's own."""

    def framed(self) -> Sequence[int]:
        """Return the texts that hold some of them, of equal ones the first."""
        is_frame = np.isin(self._paragraphs["key"], np.array(self.keys, dtype=np.int64))
        found = [self._rows[at] for at in np.unique(self._holders[is_frame]).tolist()]
        return [row.document for row in found if row.document == row.twin]

    def _text(self, document: int, words: Callable[[int], Words]) -> tuple[Sequence[int], Words]:
        return self._held[document]["key"].tolist(), words(document)

    def _repeated(self, stories: Stories) -> Iterator[Paragraph]:
        """Yield the paragraphs that texts of several stories hold, or several texts of one site."""
        if not len(self._paragraphs):
            return
        names = {site: at for at, site in enumerate(sorted({row.site or "" for row in self._rows}))}
        sites, twins, told = np.array(
            [(names[row.site or ""], row.twin, stories.of(row.twin)) for row in self._rows], dtype=np.int64
        ).T[:, self._holders]
        order = np.lexsort((twins, sites, self._paragraphs["key"]))
        keys, sites, twins, told = (each[order] for each in (self._paragraphs["key"], sites, twins, told))
        is_first = np.concatenate(([True], keys[1:] != keys[:-1]))
        again = np.concatenate(([False], (sites[1:] == sites[:-1]) & (twins[1:] != twins[:-1]))) & ~is_first
        starts = np.flatnonzero(is_first)
        several = np.minimum.reduceat(told, starts) != np.maximum.reduceat(told, starts)
        several |= np.logical_or.reduceat(again, starts)
        ends = np.append(starts[1:], len(keys))
        for start, end in zip(starts[several].tolist(), ends[several].tolist(), strict=True):
            key, words, names_in = self._paragraphs[order[start]].tolist()
            rows = [self._rows[at] for at in self._holders[order[start:end]].tolist()]
            yield Paragraph(key, words, names_in / words, [Holder(row.twin, row.site) for row in rows])


def frames_joining(documents: Sequence[int], addresses: Stories, index: StoryIndex) -> set[int]:
    """Return the paragraphs that alone join stored texts, but for those that are residue already."""
    found = list(index.whole(documents))
    sites = {text.site for text, _, _ in found}
    if len(found) <= max(2, len(sites)):  # no site has two of them, or there is no third to tell by
        return set()
    texts: dict[int, tuple[Sequence[int], Words]] = {}
    holders: dict[int, list[Holder]] = defaultdict(list)
    sizes: dict[int, tuple[int, float]] = {}
    for text, signature, keys in found:
        texts[text.document] = keys, Words(signature)
        lengths = np.frombuffer(signature.paragraphs, "<u4").tolist()
        for key, *size in zip(keys, lengths, shares_of_names(signature).tolist(), strict=True):
            holders[key].append(Holder(text.document, text.site))
            sizes[key] = size[0], size[1]
    known = {key for key, _ in index.repeated(documents)}
    fresh = (Paragraph(key, *sizes[key], held) for key, held in holders.items() if key not in known)
    return frames_among(fresh, texts.__getitem__, addresses.of)
