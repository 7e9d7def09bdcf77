from __future__ import annotations

import json
from importlib.resources import files

import pytest

from scraper.extraction.fields.attribution.names import is_trade, names
from scraper.extraction.words import bylines

TABLE = json.loads(files("scraper.extraction.words").joinpath("bylines.json").read_text())
LABELS = [(language, word) for language, words in TABLE.items() for word in words["author"]]
BEFORE = [(language, word) for language, words in TABLE.items() for word in words.get("by", ())]
TRADES = [(language, word) for language, words in TABLE.items() for word in words["role"]]
JOINS = [(language, word) for language, words in TABLE.items() for word in words["joins"]]


@pytest.mark.parametrize(("language", "word"), LABELS)
@pytest.mark.parametrize("colon", [":", " :", "："])
def test_every_pattern_knows_every_label(language: str, word: str, colon: str) -> None:
    line = f"{word[0].upper()}{word[1:]}{colon} Ada Quill"

    assert names(line) == ("Ada Quill",), language
    assert (found := bylines.labelled().match(line))
    assert found["names"] == "Ada Quill"
    assert bylines.label().fullmatch(f"{word}{colon}")
    assert bylines.says_written().search(word)


@pytest.mark.parametrize(("language", "word"), BEFORE)
def test_every_pattern_knows_what_stands_before_a_name(language: str, word: str) -> None:
    for spelled in (word, word.upper(), word.capitalize()):
        assert names(f"{spelled} Ada Quill") == ("Ada Quill",), language
        assert (found := bylines.within().search(f"20.05.2031 | {spelled} Ada Quill"))
        assert found["names"] == "Ada Quill"
    assert bylines.label().fullmatch(word)


@pytest.mark.parametrize(("language", "word"), TRADES)
def test_a_trade_is_known_as_one(language: str, word: str) -> None:
    assert is_trade(f"Ada Quill, {word}"), language


@pytest.mark.parametrize(("language", "word"), JOINS)
def test_names_are_told_apart_at_the_word_between_them(language: str, word: str) -> None:
    assert names(f"Ada Quill {word} Ben Marlow") == ("Ada Quill", "Ben Marlow"), language


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Oleh Petrenko, Anna Li", ("Oleh Petrenko", "Anna Li")),
        ("Oleh: Budi Santoso", ("Budi Santoso",)),
        ("Von Ada Quill und Ben Marlow", ("Ada Quill", "Ben Marlow")),
        ("von Landbote", ("Landbote",)),
        ("記者 山田太郎", ("山田太郎",)),
        ("本报记者 李明", ("李明",)),
        ("โดยสมชาย ใจดี", ("สมชาย ใจดี",)),
        ("Muhabir: Ayşe Yılmaz", ("Ayşe Yılmaz",)),
        ("김민수 기자", ("김민수",)),
    ],
)
def test_a_name_that_begins_like_a_word_of_bylines_is_kept_whole(line: str, people: tuple[str, ...]) -> None:
    assert names(line) == people
