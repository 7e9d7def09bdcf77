from __future__ import annotations

import dataclasses

import pytest

from scraper.extract.body.block_measures import BlockMeasures
from scraper.extract.body.choice import Choice, better, choose_blocks
from scraper.extract.body.features import describe
from scraper.extract.body.reference_texts import ReferenceTexts
from scraper.extract.body.trees import body_model
from tests.extract.body.test_decide import MAIN, PARAGRAPHS, page_of, read


def test_the_second_choice_is_made_in_doubt_and_taken_where_more_is_expected_of_it() -> None:
    sure, doubtful, poor = (_choice(expected) for expected in (0.99, 0.8, 0.5))

    assert better(sure, pytest.fail) is sure
    assert better(doubtful, lambda: poor) is doubtful
    assert better(poor, lambda: doubtful) is doubtful


def _choice(expected: float) -> Choice:
    segments, model = read(page_of(MAIN)).segments, body_model()
    references = ReferenceTexts(kept=PARAGRAPHS, titles=(), descriptions=(), article_body="")
    return dataclasses.replace(
        choose_blocks(segments, describe(BlockMeasures(segments), references), model), expected=expected
    )
