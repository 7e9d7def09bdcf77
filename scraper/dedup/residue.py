"""Paragraphs that are no story's own: what pages repeat that tell different stories.

Stories are counted, not documents, or each article revised twice would lose itself. Such a paragraph counts
nowhere, on no site: agencies and groups share their notices.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

WINDOW = 256
"""Paragraphs remembered of a site, about its last ten pages; 128 to 2,048 differ by under .002 of pair F1."""
STORIES_OF_SITE = 2
"""Stories of one site that hold a paragraph which is residue …"""
LONG, NAMED = 25, 0.10
"""… one more where it has so many words, one more where so many of them are names or numbers …"""
STORIES_ANYWHERE = 6
"""… or stories of any sites that hold one without names."""

_ENTRY = np.dtype([("paragraph", "<u8"), ("document", "<u4")])
"""A paragraph and a text that holds it: of each article the first that came."""
_PACKED = struct.Struct("<QI")
"""The same, at a tenth of the cost where there are few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidueStep:
    """What a text changes."""

    window: bytes
    """The site's paragraphs, the one seen longest ago first."""
    residue: tuple[int, ...]
    """Paragraphs that are residue from now on."""
    holders: tuple[int, ...]
    """The earlier texts that hold those."""


def stories_needed(words: int, names: float) -> int:
    """Return of how many stories of one site a paragraph of so many words is residue."""
    return STORIES_OF_SITE + (words >= LONG) + (names >= NAMED)


def holders(window: bytes, paragraphs: Iterable[int]) -> Mapping[int, list[int]]:
    """Return the texts of the window that hold some of the paragraphs."""
    entries = np.frombuffer(window, _ENTRY)
    held = entries["paragraph"].tolist()
    wanted = set(paragraphs)
    found: dict[int, list[int]] = {}
    if wanted.isdisjoint(held):
        return found
    for paragraph, document in zip(held, entries["document"].tolist(), strict=True):
        if paragraph in wanted:
            found.setdefault(paragraph, []).append(document)
    return found


def advance(
    window: bytes,
    paragraphs: Iterable[int],
    needed: Callable[[int], int],
    *,
    document: int,
    stories: Callable[[Sequence[int]], Mapping[int, int]],
    is_revision: bool = False,
) -> ResidueStep:
    """Return the site's window after a text, and which paragraphs it showed to be residue.

    `needed` says of how many stories a paragraph has to be, `stories` of which one each of some texts is.
    """
    distinct = list(dict.fromkeys(paragraphs))
    held = holders(window, distinct)
    story = stories([document, *(each for found in held.values() for each in found)])
    own = story[document]
    residue: list[int] = []
    fresh: list[int] = []
    for paragraph in distinct:
        others = {story.get(each, each) for each in held.get(paragraph, ())}
        if len(others | {own}) > 1 and len(others | {own}) >= needed(paragraph):
            residue.append(paragraph)
        elif not is_revision or own not in others:
            fresh.append(paragraph)
    window = _without(window, residue) + b"".join([_PACKED.pack(each, document) for each in fresh])
    found = dict.fromkeys(each for paragraph in residue for each in held[paragraph])
    return ResidueStep(window=window[-WINDOW * _PACKED.size :], residue=tuple(residue), holders=tuple(found))


def review(
    window: bytes,
    known: Callable[[Iterable[int]], Iterable[int]],
    needed: Callable[[int, int], int],
    stories: Callable[[Sequence[int]], Mapping[int, int]],
) -> ResidueStep:
    """Return what a site's window shows to be residue now that its texts are of other stories.

    `known` says which paragraphs are residue already, by what another site or a sweep showed; `needed` is
    told a paragraph and a text that holds it. Texts without a story are no more.
    """
    window = _without(window, list(known(np.frombuffer(window, _ENTRY)["paragraph"].tolist())))
    entries: list[tuple[int, int]] = np.frombuffer(window, _ENTRY).tolist()
    story = stories([document for _, document in entries])
    held: dict[int, list[int]] = {}
    for paragraph, document in entries:
        if document in story:
            held.setdefault(paragraph, []).append(document)
    counts = {paragraph: len({story[each] for each in texts}) for paragraph, texts in held.items()}
    residue = [
        paragraph
        for paragraph, count in counts.items()
        if count > 1 and count >= needed(paragraph, held[paragraph][0])
    ]
    found = dict.fromkeys(each for paragraph in residue for each in held[paragraph])
    return ResidueStep(window=_without(window, residue), residue=tuple(residue), holders=tuple(found))


def _without(window: bytes, residue: Sequence[int]) -> bytes:
    if not residue:
        return window
    entries = np.frombuffer(window, _ENTRY)
    return entries[~np.isin(entries["paragraph"], np.array(residue, dtype=np.uint64))].tobytes()
