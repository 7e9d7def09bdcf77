import re

import pytest

from scraper.extraction.words.spelling import any_of, any_whole, fold, lowered

WORDS = [
    *("by", "bylines", "byline", "post", "posted by", "poster", "story", "stories", "storyteller", "text"),
    *("texte", "textes", "autor", "autora", "autores", "autor del texto", "author", "作者", "作", "c++"),
]


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_a_table_is_found_whole_by_its_pattern(word: str) -> None:
    match = re.match(any_of(WORDS), f"{word.replace(' ', '  ')}!")
    assert match
    assert match[0].split() == word.split()


def test_what_only_begins_like_a_word_of_a_table_is_none() -> None:
    assert not re.match(any_of(WORDS), "bookstore")
    assert not re.fullmatch(any_of(WORDS), "storytell")


def test_whole_words_end_where_they_end_but_in_scripts_without_spaces() -> None:
    pattern = re.compile(any_whole(["seit", "出生"]))
    assert pattern.search("seit 2031")
    assert not pattern.search("seitdem 2031")
    assert pattern.search("他出生于2031年")


@pytest.mark.parametrize(
    ("text", "folded"),
    [("  The Flood -- in_Aville! ", "the flood in_aville"), ("ÄVLE", "ävle"), ("", ""), ("--", "")],
)
def test_plain_and_other_letters_are_folded_alike(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(f"{text}é").removesuffix("é").strip() == folded


@pytest.mark.parametrize("text", ["İLGİLİ HABER", "İlgili Haber", "ilgili haber"])
def test_a_dotted_capital_is_the_letter_that_it_is_the_capital_of(text: str) -> None:
    assert lowered(text) == "ilgili haber"
