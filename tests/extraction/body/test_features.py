from __future__ import annotations

from scraper.extraction.body.features import plain_name
from scraper.extraction.body.trees import load_model


def test_every_column_of_the_model_is_told_in_words() -> None:
    assert [column for column in load_model("body").columns if " " not in plain_name(column)] == []
    assert not {"page chars", "all capitals", "starts lower", "word length"} & set(
        map(plain_name, load_model("body").columns)
    )
