from __future__ import annotations

import numpy as np
import pytest

from scraper.dedup.shingle import VERSION, content_hash, sign
from scraper.writing import JOINED_LETTER

TEXT = "The harbour bridge opened on Monday.\nFerries will go on until June, the mayor’s office said."


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("’", "'"),
        TEXT.replace("’", "&#39;"),
        TEXT.replace(" ", "\u00a0"),
        TEXT.replace("\n", " \n\n"),
        TEXT.replace("harbour", "har\u00adbour"),
    ],
)
def test_what_only_the_rendering_changes_leaves_the_hash(other: str) -> None:
    assert content_hash(other) == content_hash(TEXT)


@pytest.mark.parametrize(
    "other", [TEXT.replace("June", "July"), TEXT.replace(",", ""), TEXT.replace("The", "the")]
)
def test_an_edit_changes_the_hash(other: str) -> None:
    assert content_hash(other) != content_hash(TEXT)


def test_the_hash_names_its_version() -> None:
    assert content_hash("").startswith("1:")


def words_of(text: str) -> list[int]:
    return [int(word) & ~1 for word in np.frombuffer(sign(text).tokens, np.uint64)]


def test_words_are_the_same_in_any_case_and_punctuation() -> None:
    one, other = sign("Rain, wind and “snow”: it's here"), sign("rain wind AND snow its HERE")
    words = [np.frombuffer(text.tokens, np.uint64) & ~np.uint64(1) for text in (one, other)]
    assert words[0].tolist() == words[1].tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Möllenbüttel, Größe", "MOELLENBUETTEL, GROESSE"),
        ("Fähre über Straßen", "Fahre uber Strassen"),
        ("café naïve Łódź Đồng", "cafe naive Lodz Dong"),
        ("har\u200ebour br\ufe0fidge", "harbour bridge"),
        ("أعلنت الهيئة مدرسة", "اعلنت الهيئه مدرسه"),
        ("الـــبحر مُدَرِّس", "البحر مدرس"),
        ("٢١٤ راكبا", "214 راكبا"),
        ("می کند", "مي كند"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_what_a_word_may_be_spelled_in_two_ways_is_one_word(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


@pytest.mark.parametrize(
    ("text", "count"), [("हिन्दी में समाचार", 3), ("বাংলা খবর", 2), ("ภาษาที่", 5), ("தமிழ் செய்தி", 2)]
)
def test_marks_belong_to_their_letter(text: str, count: int) -> None:
    assert len(words_of(text)) == count


def test_a_vowel_sign_makes_another_word() -> None:
    assert words_of("दिन") != words_of("दान")


@pytest.mark.parametrize("text", ["八十六岁", "٢١٤", "½"])
def test_numbers_of_every_script_are_marked(text: str) -> None:
    assert np.frombuffer(sign(text).tokens, np.uint64)[0] & np.uint64(1)


def test_numbers_and_capitals_are_marked() -> None:
    tokens = np.frombuffer(sign("the Mayor paid 20 crowns").tokens, np.uint64)
    assert (tokens & np.uint64(1)).tolist() == [0, 1, 0, 1, 0]


def test_a_letter_is_a_word_where_spaces_part_none_or_not_all() -> None:
    assert len(words_of("東京で雨")) == 4
    assert words_of("지난 3일 새벽") == words_of("지난3일새벽")


def test_paragraphs_are_the_lines_that_have_words() -> None:
    assert np.frombuffer(sign("one two\n\n--\nthree").paragraphs, np.uint32).tolist() == [2, 1]


def test_lone_surrogates_and_nothing_at_all_have_signatures() -> None:
    assert sign("\udcff a").tokens
    assert sign("").tokens == b""


def test_the_letters_that_are_words_of_their_own_stay_within_a_version_of_the_hashes() -> None:
    assert VERSION == 3, "write the letters of the new version here"
    ends = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF))
    hangul = (0xAC00, 0xD7AF)
    known = {
        code
        for low, high in (*ends, hangul, (0xF900, 0xFAFF), (0x20000, 0x2FFFF))
        for code in range(low, high + 1)
    }
    assert {code for code in range(0x30000) if JOINED_LETTER.match(chr(code))} == known
