"""Two texts → how much of their words they share, None where they are no copies; read by dedup.decide."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scraper.dedup import kernel
from scraper.dedup.hashes import SHINGLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scraper.dedup.hashes import Hashes, Mask, Overlap
    from scraper.dedup.words import Words

# Measured on 2,463 articles (1,131 families, 411 look-alikes), in their own and two shuffled orders and in
# two halves split by family; each stands on a plateau: the neighbours named change pair F1 by under .003.
LEAST_SHARED = 20
"""Shingles in common."""
ACROSS_SITES = 0.40
"""Containment (shared / smaller) of a cut copy; .35 joins 3 to 4 look-alikes more, .45 loses .006 of F1."""
INSIDE_SITE = 0.62
"""Containment inside a site, where pages share their frame; .60 to .70 are the same."""
OF_PART = 0.25
"""Containment from which less than a copy is a part: a round-up's piece of another site's story."""
SHORT = 60
"""Shingles below which a text must meet the higher of the two."""
OF_LARGER = 0.08
"""Share of the larger text."""
CONFLICT = 0.30
"""Of the numbers and names in the same surroundings, how many may differ; more is a form. .2 to .4 …"""
LEAST_CONTEXTS = 6
"""… where so many surroundings are common; 4 to 8 are the same …"""
CONFLICT_OF_FEW, FEW_CONTEXTS = 0.60, 3
"""… or most of a few."""
NAMES = 0.25
"""Share of words with a capital up to which these are names; where nouns have one, most of what agrees are
nouns, and as many fewer may differ …"""
LEAST_DIFFERING = 3
"""… if so many do."""
UNCASED = 0.06
"""Share of marked words below which a script has no capitals: what was replaced tells a form there."""
REPLACED, LEAST_REPLACED, LONGEST_REPLACED = 0.035, 3, 12
"""Passages of at most twelve words that were replaced by others, for each word in common."""
FORMULAIC = 0.10
"""Share of names and numbers in what is common below which it may be a frame, a form or a quotation …"""
STORIED = 1.3
"""… where the rest of each text has so many times that share, or …"""
LEAD = 12
"""… where each begins with so many words of its own …"""
LEAST_OWN = 14
"""… and has so many in all …"""
LONG_FRAME, OF_LONG_FRAME = 300, 1 / 6
"""… and of a frame of so many words so many for each of its: less is what an editor put before a cut copy."""
FORM_NAMES, FORM_REPLACED = 0.12, 0.02
"""Share of names and numbers in a text, and of passages replaced for each word in common, from two on, where
what is common names nothing and each text names others: a form of which a slot or two are words. On
syndication-dev no copy has more than .012 where a tenth of what is common are names."""
LEAST_OTHER, OTHER_SHARE, OTHER_COMMON = 8, 0.10, 0.25
"""Where two texts are the same around one passage: of so many words of each in it, and so many for each word
around it, if at most this share of them are the same, these are two texts in one form or frame. On
syndication-dev and two sets of others' no pair of 20,000 copies is one, of 175 that were taken for copies 85
are; 8 to 12, 0 to .12 and .2 to .35 are the same."""
STRONG = 0.65
"""Jaccard similarity from which nothing else is asked."""
UNBROKEN = 0.90
"""Share of what two texts have in common that lies in one passage of one paragraph: a quotation."""
NEARLY_WHOLE = 0.95
"""Containment from which a short text is a cut copy although it is one passage …"""
PASSAGE = 100
"""… if it has this many shingles."""


class Match(NamedTuple):
    """What two texts have in common."""

    shared: int
    """Shingles …"""
    first: int
    """… of those of the first text …"""
    second: int
    """… and of the second."""
    conflict: float
    """Of the numbers and names in the same surroundings, the share that differ."""
    is_part: bool = False
    """Whether it is too little for a copy."""

    @property
    def containment(self) -> float:
        """What is shared of the smaller text."""
        return self.shared / max(1, min(self.first, self.second))

    @property
    def rest(self) -> int:
        """Shingles of the smaller text beside those."""
        return min(self.first, self.second) - self.shared

    @property
    def jaccard(self) -> float:
        """What is shared of both together."""
        return self.shared / max(1, self.first + self.second - self.shared)

    @property
    def of_first(self) -> float:
        """What is shared of the first text."""
        return self.shared / max(1, self.first)

    @property
    def of_second(self) -> float:
        """What is shared of the second text."""
        return self.shared / max(1, self.second)

    @property
    def closeness(self) -> float:
        """What the nearest of several texts has most of; below 0 for a part, which no copy comes after."""
        return self.containment + self.jaccard - 2 * self.is_part


def compare(new: Words, old: Words, *, same_site: bool) -> Match | None:
    """Return what the texts have in common if one is a copy of the other or holds a part of it."""
    common = kernel.loops.shared(new.shingles, old.shingles)
    small, large = sorted((len(new.shingles), len(old.shingles)))
    letters = max(new.letters, old.letters)
    needed = INSIDE_SITE if same_site or small < SHORT * letters else ACROSS_SITES
    least = INSIDE_SITE if same_site else OF_PART
    if common < LEAST_SHARED * letters or common < least * small or common < OF_LARGER * large:
        return None
    match = _match(new, old, common, is_part=common < needed * small)
    if match.conflict >= CONFLICT:
        return None
    texts = _Held(new, old), _Held(old, new)
    if _is_form(texts, match) or _tell_others(texts, match):
        return None
    if match.jaccard >= STRONG:
        return match
    return None if _is_quotation(texts, match) or _is_frame(texts, match) else match


class _Held:
    """A text, and what of it another one holds."""

    def __init__(self, text: Words, other: Words) -> None:
        self.text = text
        self._other = other

    @cached_property
    def hits(self) -> Mask:
        """For each place whether the other text has the shingle that begins there."""
        return kernel.loops.is_in(self.text.positions, self._other.shingles)

    @cached_property
    def covered(self) -> Overlap:
        """The words that stand in a shingle that the other text has too."""
        return kernel.loops.covered(self.text.tokens, self.hits, SHINGLE)

    @property
    def own_passage(self) -> Hashes:
        """The words that the other text lacks, where they stand together between what it has, or nothing."""
        mask, count = self.covered.mask, len(self.covered.mask) - self.covered.words
        begin = int(mask.argmin())
        is_between = begin > 0 and begin + count < len(mask) and not mask[begin : begin + count].any()
        return self.text.tokens[begin : begin + count * is_between]


def measure(new: Words, old: Words) -> Match:
    """Return what two texts have in common, copies or not."""
    return _match(new, old, kernel.loops.shared(new.shingles, old.shingles))


def _match(new: Words, old: Words, common: int, *, is_part: bool = False) -> Match:
    return Match(
        shared=common,
        first=len(new.shingles),
        second=len(old.shingles),
        conflict=_conflict(new, old),
        is_part=is_part,
    )


def _conflict(new: Words, old: Words) -> float:
    """Return the share of numbers and names in the same surroundings that differ; 0 where those are few.

    In proportion to CONFLICT where it is another share that makes a form.
    """
    if _is_uncased(new, old):
        return CONFLICT * min(1.0, _replaced(new, old) / REPLACED)
    count, differing = kernel.loops.differing(new.slots, old.slots)
    if count < FEW_CONTEXTS:
        return 0.0
    if count < LEAST_CONTEXTS:
        return differing / count if differing >= CONFLICT_OF_FEW * count else 0.0
    nouns = max(1.0, (new.names + old.names) / 2 / NAMES)
    return min(1.0, differing / count * (nouns if differing >= LEAST_DIFFERING else 1.0))


def _is_uncased(new: Words, old: Words) -> bool:
    """Return whether the texts' script tells no names."""
    return max(new.names, old.names) < UNCASED


def _replaced(new: Words, old: Words, least: int = LEAST_REPLACED) -> float:
    """Return how many short passages of one text stand for others of the second, per word in common.

    Told by the shingles that each text has once: between two that follow each other in both, what is left
    was replaced.
    """
    letters = max(new.letters, old.letters)
    here, there = _common_places(new, old)
    follows = np.diff(there.argsort().argsort(), prepend=-1, append=len(there)) == 1
    size = len(new.tokens) - len(new.positions)
    short = follows
    for at, end in ((here, len(new.positions)), (there, len(old.positions))):
        gaps = np.diff(at, prepend=-1 - size, append=end + size) - 1 - size
        short = short & (gaps > 0) & (gaps <= LONGEST_REPLACED * letters)
    count = int(np.count_nonzero(short))
    return count * letters / len(here) if count >= least else 0.0


def _common_places(new: Words, old: Words) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where each of the shingles is that both texts have once, in the order of the first text."""
    (places, hashes), (others, other_hashes) = (_once(text.positions) for text in (new, old))
    is_common = kernel.loops.is_in(hashes, other_hashes)
    here, there = places[is_common], others[other_hashes.searchsorted(hashes[is_common])]
    order = here.argsort()
    return here[order], there[order]


def _once(hashes: Hashes) -> tuple[NDArray[np.intp], Hashes]:
    """Return the places of the hashes that are there once, and these, ascending."""
    order = hashes.argsort()
    ascending = hashes[order]
    is_fresh = np.concatenate(([True], ascending[1:] != ascending[:-1], [True]))
    is_once = is_fresh[1:] & is_fresh[:-1]
    return order[is_once], ascending[is_once]


def _is_form(texts: tuple[_Held, _Held], match: Match) -> bool:
    """Return whether what is common names nothing, and of what is replaced each text names others."""
    new, old = (each.text for each in texts)
    if match.rest < 2 * SHINGLE or min(new.names, old.names) >= FORM_NAMES or _is_uncased(new, old):
        return False
    if any(each.covered.marked >= FORMULAIC * each.covered.words for each in texts):
        return False
    named: list[set[int]] = []
    for each in texts:
        names = each.text.tokens[each.text.marked & ~each.covered.mask].tolist()
        if len(names) < FORMULAIC * (len(each.text.tokens) - each.covered.words):
            return False
        named.append(set(names))
    if new.tokens[0] == old.tokens[0]:  # a text's first word has a capital, name or not
        named = [names - {int(new.tokens[0])} for names in named]
    if not all(named) or not named[0].isdisjoint(named[1]):
        return False
    return _replaced(new, old, 2) >= FORM_REPLACED


def _tell_others(texts: tuple[_Held, _Held], match: Match) -> bool:
    """Return whether the texts are the same around one passage, in which each tells something else."""
    if match.rest < max(LEAST_OTHER, OTHER_SHARE * match.shared):
        return False  # most copies, with less work
    own = [each.own_passage for each in texts]
    letters = max(each.text.letters for each in texts)
    common = max(each.covered.words for each in texts)
    if min(map(len, own)) < max(LEAST_OTHER * letters, OTHER_SHARE * common):
        return False
    one, other = (set(words.tolist()) for words in own)
    return len(one & other) <= OTHER_COMMON * min(len(one), len(other))


def _is_frame(texts: tuple[_Held, _Held], match: Match) -> bool:
    """Return whether what is common names nothing, and both texts tell something else."""
    new, old = (each.text for each in texts)
    if match.rest < LEAST_OWN or _is_uncased(new, old):
        return False
    common, own, leads = 0.0, 1.0, True
    for each in texts:
        covered, words = each.covered, len(each.text.tokens)
        of_rest = words - covered.words
        if of_rest < LEAST_OWN or covered.marked >= FORMULAIC * covered.words:
            return False
        if covered.words >= LONG_FRAME * each.text.letters and of_rest < OF_LONG_FRAME * covered.words:
            return False
        common = max(common, covered.marked / covered.words)
        own = min(own, (each.text.named - covered.marked) / of_rest)
        leads = leads and covered.first >= LEAD
    return leads or own >= STORIED * common


def _is_quotation(texts: tuple[_Held, _Held], match: Match) -> bool:
    """Return whether all that is common is one passage in one paragraph of several, in both texts."""
    if match.containment >= NEARLY_WHOLE and match.shared >= PASSAGE:
        return False
    if any(each.text.paragraphs == 1 or each.text.longest < UNBROKEN * match.shared for each in texts):
        return False
    return all(_is_one_passage(each.text, each.hits) for each in texts)


def _is_one_passage(text: Words, hits: Mask) -> bool:
    """Return whether the text has what is common in one unbroken passage of one of its paragraphs."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], hits.astype(np.int8), [0]))))
    longest, total = int((edges[1::2] - edges[::2]).max(initial=0)), int(np.count_nonzero(hits))
    if longest < UNBROKEN * total:
        return False
    paragraph = np.repeat(np.arange(len(text.lengths)), text.lengths)[: len(hits)]
    return int(np.bincount(paragraph[hits], minlength=1).max()) >= UNBROKEN * total
