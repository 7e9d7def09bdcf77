"""The blocks that are kept: the model's scores of described blocks, then the rules; read by body.decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scraper.extraction.body.rules import (
    drop_notices,
    drop_repeats,
    find_asides,
    keep_announced,
    keep_subheads,
)
from scraper.extraction.page.blocks import Reasoning
from scraper.extraction.words.wording import ReferenceText, estimate_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from scraper.extraction.body.features import Description
    from scraper.extraction.body.trees import Model, RefereeBounds
    from scraper.extraction.page.blocks import Segments

ASIDE = 0.001
"""The score of a block that is not worth a closer look: of 121 news pages 1 in 1,300 belonged to the body."""
_SURE = 0.95
"""Expected word F1 from which the own choice is taken as it is. Left out, .98 asks trafilatura of more than
twice as many pages and changes no corpus by more than .0004; .92 gives -.0018 on fundus-dev."""
_WITHIN = 0.8
"""Share of a block that stands in the referee's text, from which the referee kept it."""
_REFEREE = Reasoning(name="trafilatura's choice: the page's own is in doubt and far from it", weight=0.0)
_MOST_WORDS = 400
"""Words of a block that count for the F1 that is expected: few paragraphs have more, a wall of bait has."""
_GAP = 0.5
"""Share of the threshold that a block between two kept ones of its group must reach: out of fold from 0.3 to
0.7 shingle F1 rises by .0004 to .0006 on news, .0005 to .0010 elsewhere."""
_LEAST_SCORE = 0.35
"""No block of a page is kept below this, whatever the rest of the page is like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is kept of a page whose blocks were described by a first choice."""

    described: Description
    scores: NDArray[np.float64]
    """Of the described blocks, from 0 to 1."""
    kept: Sequence[int]
    """The indices of the blocks that are kept, some of them not described."""
    expected: float
    """The word F1 that the scores let expect, from 0 to 1."""
    ruled: Mapping[int, Reasoning]
    """Index of a block → the rule that decided it, whatever its score."""
    settled: frozenset[int] = frozenset()
    """Of these, those whose rule holds whoever chose the others."""


def better(first: Choice, second: Callable[[], Choice]) -> Choice:
    """Return the choice that is expected to be better; the second is made where the first is in doubt."""
    if first.expected >= _SURE:
        return first
    other = second()
    return other if other.expected > first.expected else first


def refereed(choice: Choice, segments: Segments, referee: Callable[[], str], bounds: RefereeBounds) -> Choice:
    """Return the choice, or the referee's text as blocks where the choice is in doubt and far from it."""
    if choice.expected >= bounds.expected:
        return choice
    theirs, agreement = second_opinion(choice, segments, referee())
    return theirs if agreement < bounds.agreement else choice


def second_opinion(choice: Choice, segments: Segments, text: str) -> tuple[Choice, float]:
    """Return a text's blocks as a choice, and its F1 with another one; 1 where the page holds none of it."""
    reference = ReferenceText(text.split("\n"))
    theirs = [index for index, folded in enumerate(segments.folded) if reference.share(folded) >= _WITHIN]
    if not theirs:
        return choice, 1.0
    ruled = dict.fromkeys(range(len(segments.blocks)), _REFEREE)
    return replace(choice, kept=tuple(theirs), ruled=ruled), agreement_of(segments, choice.kept, theirs)


def agreement_of(segments: Segments, ours: Sequence[int], theirs: Sequence[int]) -> float:
    """Return the F1 of two choices of blocks, by their characters, from 0 to 1."""

    def size(of: Iterable[int]) -> int:
        return sum(len(segments.blocks[index].text) for index in of)

    return 2 * size({*ours} & {*theirs}) / max(size(ours) + size(theirs), 1)


def choose_blocks(segments: Segments, described: Description, model: Model) -> Choice:
    """Return what the model and the rules keep of the described blocks."""
    counts = [estimate_words(segments.blocks[index].text) for index in described.read]
    words = np.minimum(counts, _MOST_WORDS)
    scores = even_lists(model.scores(described.rows), described.lists)
    ruled: dict[int, Reasoning] = {}
    for aside in find_asides(segments, described):
        scores[aside.rows] = ASIDE
        ruled |= {described.read[row]: aside.reason for row in np.flatnonzero(aside.rows).tolist()}
    expected = expected_f1(scores, words)
    least = max(expected * model.threshold, _LEAST_SCORE)
    kept = fill_gaps(scores > least, scores > least * _GAP, described)
    found = [described.read[row] for row in np.flatnonzero(kept).tolist()]
    found, changed = apply_rules(segments, found)
    return Choice(
        described=described,
        scores=scores,
        kept=tuple(found),
        expected=expected,
        ruled=ruled | changed,
        settled=frozenset(changed),
    )


def apply_rules(segments: Segments, kept: Sequence[int]) -> tuple[list[int], dict[int, Reasoning]]:
    """Return what is kept once the rules have been asked that no score overrules, and what they changed."""
    found, ruled = list(kept), dict[int, Reasoning]()
    for rule in (drop_notices, drop_repeats, keep_announced, keep_subheads):
        found, changed = rule(segments, found)
        ruled |= changed
    return found, ruled


def fill_gaps(
    kept: NDArray[np.bool_], likely: NDArray[np.bool_], described: Description
) -> NDArray[np.bool_]:
    """Return what is kept with each likely block that stands alone between two kept ones of its group."""
    read, groups = np.array(described.read), described.groups
    between = np.zeros(len(kept), dtype=bool)
    between[1:-1] = (
        (kept[:-2] & kept[2:])
        & (read[2:] - read[:-2] == 2)  # noqa: PLR2004 - next to each other on the page
        & (groups[1:-1] == groups[:-2])
        & (groups[1:-1] == groups[2:])
    )
    return kept | (between & likely)


def even_lists(scores: NDArray[np.float64], lists: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the scores where the items of one list share the mean of their log-odds.

    A list is printed whole or not at all: out of fold word F1 rises by .0006 on news, .0003 elsewhere.
    """
    odds = np.log(np.clip(scores, 1e-4, 1 - 1e-4))
    odds -= np.log(np.clip(1 - scores, 1e-4, 1 - 1e-4))
    for items in {*lists[lists >= 0].tolist()}:
        odds[lists == items] = odds[lists == items].mean()
    return np.where(lists >= 0, 1 / (1 + np.exp(-odds)), scores)


def expected_f1(scores: NDArray[np.float64], words: NDArray[np.float64]) -> float:
    """Return the word F1 that the best choice of blocks may be expected to have, from 0 to 1.

    Where scores are probabilities, that choice keeps the blocks above half of that F1 (Lipton et al., Optimal
    thresholding of classifiers to maximize F1, 2014): a page that is plain is cut sharply, one that is not
    keeps what is in doubt. Above half, recall is given up for precision.
    """
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum((scores * words)[order])
    best = 2 * found / np.maximum(np.cumsum(words[order]) + found[-1:], 1)  # 1: no block has a word
    return float(best.max(initial=0.0))
