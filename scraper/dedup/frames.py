"""Texts that only a frame joins: their stories without the paragraphs that most of them hold."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from scraper.dedup import kernel
from scraper.dedup.residue import STORIES_ANYWHERE, stories_needed
from scraper.dedup.words import LEAST_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from scraper.dedup.hashes import Hashes
    from scraper.dedup.stories import Paragraph
    from scraper.dedup.words import Words

    Text = tuple[Sequence[int], Words]
    """The keys of a text's paragraphs, and its words with all of them."""

MOST_HOLDERS = 24
"""Texts with a paragraph that are looked at: what is a frame shows in a few."""
TELL_OTHERS = 5 / 6
"""Of them, how many have to tell something else: a story that is printed with and without it is no frame."""
OF_FRAME = 1 / 6
"""What a page tells for each word of its frame, at least: less is an edit of what is common."""
RUN_OF_REST, RELATED_RESTS = 3, 0.15
"""Of the runs of three words in what two pages tell, the smaller's share that makes them one story."""


def stories_without(
    holders: Sequence[int], text: Callable[[int], Text], address: Callable[[int], int]
) -> Mapping[int, int]:
    """Return which of the texts that hold a paragraph are one story without what half of them hold.

    Those of one address are. Texts of which too little is left are not told; nothing is where those are many.
    """
    held = {document: text(document) for document in holders[:MOST_HOLDERS]}
    counts = Counter(key for keys, _ in held.values() for key in set(keys))
    common = {key for key, count in counts.items() if 2 * count >= len(held)}
    rests: dict[int, Hashes] = {}
    for document, (keys, words) in held.items():
        is_own = np.array([key not in common for key in keys], dtype=np.bool_)
        tokens = words.tokens[np.repeat(is_own, words.lengths)]
        if len(tokens) >= max(LEAST_WORDS * words.letters, OF_FRAME * (len(words.tokens) - len(tokens))):
            rests[document] = kernel.loops.distinct_runs(tokens, RUN_OF_REST)
    if len(rests) < TELL_OTHERS * len(held):
        return {}
    stories: dict[int, int] = {}
    for document, rest in rests.items():
        one = {document} | {
            story
            for other, story in stories.items()
            if address(other) == address(document) or _are_one(rest, rests[other])
        }
        stories[document] = document
        stories = {other: min(one) if story in one else story for other, story in stories.items()}
    return stories


def _are_one(one: Hashes, other: Hashes) -> bool:
    return kernel.loops.shared(one, other) >= RELATED_RESTS * min(len(one), len(other))


def frames_among(
    paragraphs: Iterable[Paragraph], text: Callable[[int], Text], address: Callable[[int], int]
) -> set[int]:
    """Return the paragraphs that are all that joins their pages, on one site or a group of sites.

    A group has its frame on many pages, and on one of its sites more than once.
    """
    found = set()
    stories: dict[frozenset[int], Mapping[int, int]] = {}
    for each in paragraphs:
        sites = {holder.document: holder.site for holder in each.holders}
        needed = stories_needed(each.words, each.names)
        if _is_on_enough(sites, {document: address(document) for document in sites}, needed):
            texts = frozenset(sites)
            if texts not in stories:  # most paragraphs of a story stand in the same texts
                stories[texts] = stories_without(list(sites), text, address)
            if _is_on_enough(sites, stories[texts], needed):
                found.add(each.key)
    return found


def _is_on_enough(sites: Mapping[int, str | None], stories: Mapping[int, int], needed: int) -> bool:
    """Return whether a site has so many of the texts' stories, or a group of sites has."""
    of_sites = {(sites[document], story) for document, story in stories.items()}
    counts = Counter(site for site, _ in of_sites if site is not None)
    most = max(counts.values(), default=0)
    return most >= needed or (most > 1 and len(set(stories.values())) >= max(needed, STORIES_ANYWHERE))
