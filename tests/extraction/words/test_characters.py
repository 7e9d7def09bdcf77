import re

import pytest

from scraper.extraction.words.characters import CharacterKind, Characters, only_words

TEXTS = ["Ada, 9", "", "渡轮停航。", "한강 Ö²", "🚢 \U00020000", "«x»"]


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        (CharacterKind.WORD, r"\w"),
        (CharacterKind.DIGIT, r"\d"),
        (CharacterKind.SIGN, r"[^\w\s]"),
        (CharacterKind.CAPITAL, "[AÖ]"),
        (CharacterKind.UNSPACED, "[渡轮停航\U00020000]"),
        (CharacterKind.JOINED, "[渡轮停航한강\U00020000]"),
    ],
)
def test_characters_of_a_kind_are_counted_in_each_text(kind: CharacterKind, pattern: str) -> None:
    signs = Characters(TEXTS)

    assert signs.count(signs.are(kind)).tolist() == [len(re.findall(pattern, text)) for text in TEXTS]
    assert signs.count(signs.are(kind), most=2).tolist() == [
        len(re.findall(pattern, text[:2])) for text in TEXTS
    ]


def test_the_end_of_a_text_counts_as_followed_by_what_is_looked_for() -> None:
    signs = Characters(["No. Yes.", "1.5"])
    stops = signs.are(CharacterKind.STOP) & signs.before(signs.are(CharacterKind.CLOSER))

    assert signs.count(stops).tolist() == [2, 0]


@pytest.mark.parametrize("text", ["It’s 5,\no'clock_", "渡轮。\n한강 ²", "", "🚢"])
def test_only_words_and_line_breaks_are_left(text: str) -> None:
    assert only_words(text) == re.sub(r"[^\w\n]", "", text)
