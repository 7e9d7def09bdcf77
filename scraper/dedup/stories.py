"""Pairs of copies → stories, whatever came first: average link, residue, round-ups; read by store.copies."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scraper.dedup import kernel
from scraper.dedup.index import MOST_POSTINGS
from scraper.dedup.residue import NAMED, STORIES_ANYWHERE, stories_needed

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from scraper.dedup.words import Words

    Pair = tuple[int, int]
    """Two documents, the earlier one first."""

MOST_PARTNERS = 16
"""Texts compared with each, those that share the rarest keys."""
LINKED = 0.34
"""Of the pairs between two stories, how many are copies where both are one. .3 to .45 are the same."""
NEAREST_OF = 16
"""Earlier texts of a story that are measured where none of them is a copy by itself."""
ROUNDUP_SHARE = 0.80
"""A text of which one story makes up more is that story with a line of another, not a round-up."""
ROUNDUP_OVERLAP = 0.20
"""Of what two stories share with a round-up, the smaller, how much may be common to both."""
RUN_WHOLE = 3
"""So many copies of each other that hold the same two texts are no round-up: the two are cut from them."""


class Holder(NamedTuple):
    """A text that holds a paragraph."""

    document: int
    site: str | None


class Paragraph(NamedTuple):
    """A paragraph that several texts hold."""

    key: int
    words: int
    names: float
    """Share of names and numbers among its words."""
    holders: Sequence[Holder]


def likeliest_pairs(postings: Sequence[tuple[int, int]], rank: Callable[[int], str | bytes]) -> list[Pair]:
    """Return the pairs of texts that may hold the same words, in order; `postings` are sorted.

    A key counts the more the fewer texts have it; `rank` says which of equally likely texts come first.
    """
    ones, others, weights = _weighed(np.array(postings, dtype=np.int64).reshape(-1, 2))
    pairs = np.arange(len(ones))
    documents = np.concatenate((ones, others))
    order = np.argsort(documents, kind="stable")
    starts = np.flatnonzero(np.diff(documents[order], prepend=-1))
    counts = np.diff(starts, append=len(order))
    found = np.zeros(len(ones), dtype=np.bool_)
    few = np.repeat(counts <= MOST_PARTNERS, counts)
    found[np.concatenate((pairs, pairs))[order[few]]] = True
    for start, count in zip(starts.tolist(), counts.tolist(), strict=True):
        if count > MOST_PARTNERS:
            document = int(documents[order[start]])
            of_document = (order[start : start + count] % len(ones)).tolist()
            of_document.sort(
                key=lambda pair: (
                    -weights[pair],
                    rank(other := int(ones[pair] + others[pair]) - document),
                    other,
                )
            )
            found[of_document[:MOST_PARTNERS]] = True
    return list(zip(ones[found].tolist(), others[found].tolist(), strict=True))


def _weighed(postings: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the earlier and the later text of each pair that shares a key, by the later, and its weight."""
    keys, documents = postings[:, 0], postings[:, 1]
    starts = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
    sizes = np.diff(starts, append=len(keys))
    span = int(documents.max(initial=0)) + 1
    codes, weights = [np.empty(0, np.int64)], [np.empty(0)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= MOST_POSTINGS)]).tolist():
        groups = documents[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        codes.append((groups[:, other] * span + groups[:, one]).ravel())
        weights.append(np.full(len(codes[-1]), 1 / size))
    distinct, places = np.unique(np.concatenate(codes), return_inverse=True)
    sums = np.bincount(places, np.concatenate(weights), len(distinct))
    return distinct % span, distinct // span, np.round(sums, 9)


class Stories:
    """Documents that belong together: every one is a story of its own until it is joined to another."""

    def __init__(self, pairs: Iterable[Pair] = ()) -> None:
        """Join the texts of the pairs, one after the other."""
        self._parents: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        for one, other in pairs:
            self.join(one, other)

    def of(self, document: int) -> int:
        """Return the document that stands for the story."""
        parents = self._parents
        root = document
        while (parent := parents.get(root, root)) != root:
            root = parent
        while (parent := parents.get(document, document)) != root:
            parents[document], document = root, parent
        return root

    def members(self, document: int) -> Sequence[int]:
        """Return the documents of the story."""
        root = self.of(document)
        return self._members.get(root, [root])

    def size(self, root: int) -> int:
        """Return how many documents are of the story for which this one stands."""
        return len(self._members.get(root, (root,)))

    def join(self, one: int, other: int) -> int:
        """Make one story of two; return the document that stands for it."""
        one, other = self.of(one), self.of(other)
        if one == other:
            return one
        self._parents[other] = one
        self._members[one] = [*self.members(one), *self._members.pop(other, [other])]
        return one


def link(pairs: Mapping[Pair, float], stories: Stories, rank: Callable[[int], str | bytes]) -> None:
    """Join stories, the closest pair first, while enough of the pairs between them are copies.

    `pairs` are those found to be copies, with how close they are; equally close ones follow `rank`.
    """
    between: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one, other in pairs:
        here, there = stories.of(one), stories.of(other)
        if here != there:
            between[here][there] += 1
            between[there][here] += 1
    left = sorted(
        pairs, key=lambda pair: (-round(pairs[pair], 9), *sorted((rank(pair[0]), rank(pair[1]))), pair)
    )
    is_growing = True
    while is_growing:
        is_growing, order, left = False, left, []
        for pair in order:
            one, other = stories.of(pair[0]), stories.of(pair[1])
            if one == other:
                continue
            if between[one][other] < LINKED * stories.size(one) * stories.size(other):
                left.append(pair)
                continue
            kept = stories.join(one, other)
            gone = other if kept == one else one
            for third, count in between.pop(gone).items():
                between[third].pop(gone)
                if third != kept:
                    between[kept][third] += count
                    between[third][kept] += count
            is_growing = True


def residue_of(paragraphs: Iterable[Paragraph], story: Callable[[int], int]) -> set[int]:
    """Return the paragraphs that are no story's own: several unrelated stories of a site hold them."""
    return {each.key for each in paragraphs if _is_residue(each, story)}


def _is_residue(paragraph: Paragraph, story: Callable[[int], int]) -> bool:
    needed = stories_needed(paragraph.words, paragraph.names)
    sites: dict[str | None, set[int]] = defaultdict(set)
    for holder in paragraph.holders:
        sites[holder.site].add(story(holder.document))
    if any(len(found) >= needed for site, found in sites.items() if site is not None):
        return True
    return paragraph.names < NAMED and len(set().union(*sites.values())) >= STORIES_ANYWHERE


class Evidence:
    """The pairs of texts that are copies, and which texts one address had."""

    def __init__(
        self,
        pairs: Mapping[Pair, float],
        addresses: Iterable[Pair],
        *,
        words: Callable[[int], Words],
        rank: Callable[[int], str | bytes],
    ) -> None:
        """Ask `words` for a text's words, and `rank` which of equally close texts come first.

        `pairs` are those found to be copies, with how close they are; below 0 those with a part in common.
        `addresses` are pairs of texts that one address had after each other: one story, whatever they say.
        """
        self._pairs = pairs
        self._addresses = tuple(addresses)
        self._words = words
        self._rank = rank
        self._partners: dict[int, set[int]] = defaultdict(set)
        self._sharing: dict[int, set[int]] = defaultdict(set)
        for (one, other), closeness in pairs.items():
            for found in (self._sharing, self._partners) if closeness > 0 else (self._sharing,):
                found[one].add(other)
                found[other].add(one)

    def stories(self) -> tuple[Stories, Mapping[int, Sequence[int]]]:
        """Return the stories, and the texts that each round-up holds a part of, the nearest first.

        A round-up is a story of its own.
        """
        maybe = {document for document in self._partners if self._may_be_roundup(document)}
        maybe -= {document for document in maybe if len(self._partners[document] & maybe) >= RUN_WHOLE - 1}
        stories = self._linked(without=maybe)
        if not maybe:
            return stories, {}
        roundups = {
            document: held for document in sorted(maybe) if (held := self._held(document, stories, maybe))
        }
        return self._linked(without=set(roundups)), roundups

    def _linked(self, *, without: AbstractSet[int]) -> Stories:
        stories = Stories(self._addresses)
        kept = {pair: near for pair, near in copies_of(self._pairs).items() if without.isdisjoint(pair)}
        link(kept, stories, self._rank)
        return stories

    def _may_be_roundup(self, document: int) -> bool:
        """Return whether a text holds parts of two texts of which neither is the other's copy."""
        return any(
            other not in self._partners.get(one, ())
            and parts_apart(self._words(document), (one, other), self._words)
            for one, other in combinations(self._nearest(document), 2)
        )

    def _held(self, document: int, stories: Stories, maybe: AbstractSet[int]) -> Sequence[int]:
        """Return the nearest text of each story that a text holds a part of, if it is a round-up."""
        nearest: dict[int, int] = {}
        for other in self._nearest(document):
            if other not in maybe:
                nearest.setdefault(stories.of(other), other)
        return parts_apart(self._words(document), list(nearest.values()), self._words)

    def _nearest(self, document: int) -> Sequence[int]:
        """Return the copies of a text, the closest first, then those that have a part in common with it."""

        def place(other: int) -> tuple[float, Any]:
            closeness = self._pairs[min(document, other), max(document, other)]
            return -round(closeness, 9), self._rank(other)

        return sorted(self._sharing[document], key=place)


def copies_of(pairs: Mapping[Pair, float]) -> dict[Pair, float]:
    """Return those of the pairs that are copies, and not just have a part in common."""
    return {pair: closeness for pair, closeness in pairs.items() if closeness > 0}


def nearest_earlier(
    document: int, stories: Stories, pairs: Container[Pair], closeness: Callable[[int], float]
) -> int | None:
    """Return the text of the same story that came before and is closest; None where it is the first.

    Where none of the earlier texts is a copy by itself, some of them are asked for.
    """
    earlier = sorted(other for other in stories.members(document) if other < document)
    known = [other for other in earlier if (other, document) in pairs] or earlier[:NEAREST_OF]
    return min(known, key=lambda other: (-round(closeness(other), 9), other), default=None)


def parts_apart(text: Words, near: Sequence[int], words: Callable[[int], Words]) -> Sequence[int]:
    """Return those of several texts, the nearest first, of which the text holds parts that are not the same.

    Nothing where they are fewer than two, or the nearest makes up nearly all of the text.
    """
    parts = [text.shingles[kernel.loops.is_in(text.shingles, words(document).shingles)] for document in near]
    if len(parts) < 2 or len(parts[0]) > ROUNDUP_SHARE * len(text.shingles):  # noqa: PLR2004 - several are two
        return []
    apart = [
        document
        for document, part in zip(near[1:], parts[1:], strict=True)
        if kernel.loops.shared(part, parts[0]) <= ROUNDUP_OVERLAP * min(len(part), len(parts[0]))
    ]
    return [near[0], *apart] if apart else []
