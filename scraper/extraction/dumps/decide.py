"""The Decision on each line of a text dump, by a model and rules; read by extract.article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.extraction.body.decide import reasons_of
from scraper.extraction.body.trees import line_model
from scraper.extraction.dumps.line_features import content_words, describe_lines, ends_sentence, read_lines
from scraper.extraction.page.blocks import Block, Decision, Reasoning
from scraper.extraction.words.phrases import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extraction.page.document import Document

_MOST_LINES = 6000
"""Lines that are described: the longest of 913 dumps has fewer."""
_BETWEEN = 0.3
"""The score that is enough between two kept lines: subheads have it, advertisements do not."""
_SUMMARY_WORDS = 12
_TOLD_AGAIN = 0.45
"""The share of a summary's words that the lead repeats: half in a real pair. Of 893 true bodies, 3 repeat
so much of their own first paragraph."""


def decide_lines(document: Document, *, reasons: bool = False) -> list[Decision]:
    """Return a decision for each line that is not blank, in order, with its reasons where asked for."""
    lines = read_lines(document.text)
    if not lines:
        return []
    rows, _ = describe_lines(lines[:_MOST_LINES])
    model = line_model()
    scores = model.scores(rows).round(6).tolist() + [0.0] * (len(lines) - len(rows))
    kept, ruled = choose_lines([line.text for line in lines], scores, model.threshold)
    return [
        Decision(
            block=Block(index=index, text=line.text, tag="line"),
            kept=kept[index],
            score=scores[index],
            reasons=(
                *((ruled[index],) if index in ruled else ()),
                *(reasons_of(model, rows[index]) if reasons and index < len(rows) else ()),
            ),
        )
        for index, line in enumerate(lines)
    ]


def choose_lines(
    texts: Sequence[str], scores: Sequence[float], threshold: float
) -> tuple[list[bool], dict[int, Reasoning]]:
    """Return whether each line is kept, and the rule that overrode its score, by its index."""
    kept = [score > threshold for score in scores]
    ruled = {
        index: Reasoning(name="stands between two kept lines", weight=1.0)
        for index in range(1, len(texts) - 1)
        if kept[index - 1] and kept[index + 1] and not kept[index] and scores[index] > _BETWEEN
    }
    ruled |= _headlines(texts, kept) | _summary(texts, kept)
    for index, rule in ruled.items():
        kept[index] = rule.weight > 0
    return kept, ruled


def _headlines(texts: Sequence[str], kept: Sequence[bool]) -> dict[int, Reasoning]:
    """Drop what stands above the first paragraph and is none."""
    chosen = [index for index, keep in enumerate(kept) if keep]
    first = next((index for index in chosen if ends_sentence(texts[index])), None)
    return {
        index: Reasoning(name="stands above the first paragraph", weight=-9.0)
        for index in chosen
        if first is not None and index < first
    }


def _summary(texts: Sequence[str], kept: Sequence[bool]) -> dict[int, Reasoning]:
    """Drop a first paragraph that the second tells again: it is the summary above the text."""
    long = [index for index, keep in enumerate(kept) if keep and count_words(texts[index]) >= _SUMMARY_WORDS]
    if len(long) < 3 or long[1] != long[0] + 1 or texts[long[0]][:12] != texts[long[1]][:12]:  # noqa: PLR2004
        return {}
    first, second = (content_words(texts[index]) for index in long[:2])
    if len(first & second) < _TOLD_AGAIN * len(first):
        return {}
    return {long[0]: Reasoning(name="the next line tells it again", weight=-9.0)}
