from __future__ import annotations

import numpy as np
import pytest

from scraper.dedup.compare import compare
from scraper.dedup.letters import letters_of
from scraper.dedup.shingle import sign
from scraper.dedup.words import Words

RUSSIAN = (
    "Governor {0} met {1} in {2} on Tuesday. {0} said that the works at {3} would hire again and pay a bonus. {1}, "
    "whose company is based in {4}, promised housing for the families. {5}, a member of the assembly, warned that "
    "{6} had been promised the same. The union will meet on Thursday to discuss the offer."
)
LATER = (
    "Dmitry Soloviev",
    "Yevgeny Tkachenko",
    "Yekaterinburg",
    "Nizhny Tagil",
    "Kharkiv",
    "Oleksiy Bondar",
    "Kyiv",
)
EARLIER = (
    "Dmitriy Solov'ev",
    "Evgeni Tkachenko",
    "Ekaterinburg",
    "Nizhni Tagil",
    "Kharkov",
    "Alexei Bondar",
    "Kiev",
)
OTHERS = (
    "Robert Masters",
    "Linda Fairfax",
    "Birmingham",
    "Upper Slough",
    "Coventry",
    "Janet Ollerton",
    "Leeds",
)


def letters(text: str) -> str:
    return "".join(map(chr, letters_of(text)[0]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Volodymyr Horbenko", "Vladimir Gorbenko"),
        ("Oleksandr", "Alexander"),
        ("Chernihiv, Mykolaiv", "Chernigov, Nikolaev"),
        ("Serhiy", "Sergei"),
        ("Muammar Qaddafi", "Moammar Gadhafi"),
        ("Abdullah Akhmed Hussein", "Abdulla Ahmad Husain"),
        ("Busan, Daegu", "Pusan, Taegu"),
        ("Qur'an", "Qur\u2019an"),
        ("har\u00adbour", "harbour"),
        ("her\u00adren", "Herren"),
        ("Živković", "Zivkovic"),
        ("載有二百乘客的渡輪", "载有二百乘客的渡轮"),
        ("線裏臺", "线里台"),
        ("衞峯羣", "卫峰群"),
    ],
)
def test_what_is_written_in_two_ways_has_the_same_letters(one: str, other: str) -> None:
    assert letters(one) == letters(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ten", "tin"),
        ("1100", "100"),
        ("Lviv", "Lima"),
        ("Peter", "Paul"),
        ("天天", "天"),
        ("дом", "дым"),
        ("he", "her"),
    ],
)
def test_short_words_numbers_and_other_scripts_keep_theirs(one: str, other: str) -> None:
    assert letters(one) != letters(other)


@pytest.mark.parametrize("text", ["", "h", "aaaa", "'", "\u00ad", "e\n", "x" * 5, "\U0001f600"])
def test_every_letter_has_a_kind(text: str) -> None:
    found, kinds = letters_of(text)
    assert len(found) == len(kinds)
    assert found.dtype.kind == "u"


def test_a_word_of_vowels_alone_is_a_word() -> None:
    assert len(sign("Aiea").tokens) == len(np.uint64(0).tobytes())


def test_a_copy_that_spells_names_its_own_way_is_a_copy() -> None:
    one, other = (Words(sign(RUSSIAN.format(*names))) for names in (LATER, EARLIER))
    assert compare(one, other, same_site=False)


def test_a_form_filled_with_other_names_is_none() -> None:
    one, other = (Words(sign(RUSSIAN.format(*names))) for names in (LATER, OTHERS))
    assert compare(one, other, same_site=False) is None


def test_a_copy_in_traditional_letters_is_a_copy() -> None:
    one = "台风周三登陆后，东部三个县的学校关闭，数千个家庭断电。气象局说，风速达到每小时一百八十公里，为二十年来最强。市长说，修复线路需要几个星期。"
    other = "颱風週三登陸後，東部三個縣的學校關閉，數千個家庭斷電。氣象局說，風速達到每小時一百八十公里，為二十年來最強。市長說，修復線路需要幾個星期。"
    assert compare(Words(sign(one)), Words(sign(other)), same_site=False)


@pytest.mark.parametrize(
    "text", ["\ufa6c河 rises", "Ävle \uac00\u0301 9", "\ufad5\n\u0905\u093f", "\u200bFerry\u064b"]
)
def test_a_character_of_four_bytes_changes_the_letters_of_no_other(text: str) -> None:
    letters, kinds = letters_of(text)
    wide_letters, wide_kinds = letters_of(text + " \U0001f600")
    assert wide_letters[: len(letters)].tolist() == letters.tolist()
    assert wide_kinds[: len(kinds)].tolist() == kinds.tolist()
