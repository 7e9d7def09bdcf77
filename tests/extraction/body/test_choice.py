from __future__ import annotations

import dataclasses

import pytest

from scraper.extraction.body.block_measures import BlockMeasures
from scraper.extraction.body.choice import Choice, better, choose_blocks, refereed
from scraper.extraction.body.features import describe
from scraper.extraction.body.reference_texts import ReferenceTexts
from scraper.extraction.body.trees import RefereeBounds, body_model
from tests.extraction.body.test_decide import MAIN, PARAGRAPHS, page_of, read


def test_the_second_choice_is_made_in_doubt_and_taken_where_more_is_expected_of_it() -> None:
    sure, doubtful, poor = (_choice(expected) for expected in (0.99, 0.8, 0.5))

    assert better(sure, pytest.fail) is sure
    assert better(doubtful, lambda: poor) is doubtful
    assert better(poor, lambda: doubtful) is doubtful


@pytest.mark.parametrize(
    ("expected", "theirs", "is_taken"),
    [
        (0.9, PARAGRAPHS[3:], False),
        (0.5, PARAGRAPHS[3:], True),
        (0.5, PARAGRAPHS, False),
        (0.5, ["Not a word of it stands on this page, whoever may have read it there."], False),
    ],
)
def test_trafilatura_decides_where_the_own_choice_is_in_doubt_and_far_from_it(
    expected: float, theirs: list[str], *, is_taken: bool
) -> None:
    own, segments = _choice(expected), read(page_of(MAIN)).segments
    found = refereed(own, segments, lambda: "\n".join(theirs), RefereeBounds(0.8, 0.7))
    texts = [segments.blocks[index].text for index in found.kept]

    assert (found is not own) is is_taken
    assert not is_taken or (set(theirs) <= set(texts) and PARAGRAPHS[0] not in texts)
    assert not is_taken or {"trafilatura" in reason.name for reason in found.ruled.values()} == {True}


def _choice(expected: float) -> Choice:
    segments, model = read(page_of(MAIN)).segments, body_model()
    described = describe(BlockMeasures(segments, ReferenceTexts()), PARAGRAPHS)
    return dataclasses.replace(choose_blocks(segments, described, model), expected=expected)
