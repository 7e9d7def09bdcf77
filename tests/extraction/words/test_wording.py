import random
import re

import pytest

from scraper.extraction.words.wording import (
    TEXT_MEASURES,
    measure_length,
    measure_lengths,
    measure_texts,
    read_words,
)

TEXTS = (
    "The ferry leaves at 7. It is back by 9, or so they say!",
    "“Wer kommt?” – “Niemand”, sagte sie; 12 Boote | 3 Netze • 2 / 1",
    "明天将有大雨，渡轮停航。船长说：“请等待！”",
    "한강의 다리 두 곳이 통제됐다. 「주의」",
    "سيبدأ العمل غداً، كما قيل؟ نعم…",
    "Café Ångström: 5.000 €, 3½ h, x² _a_b 🚢 ①",
    "A",
    "?",
)


def _measured(text: str) -> dict[str, float]:
    (column,) = measure_texts([text], [read_words(text)]).T.tolist()
    return dict(zip(TEXT_MEASURES, column, strict=True))


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("commas", "[,，、،]"),
        ("bars", "[|•·]| / "),
        ("quotes", '["“”„«»「」]'),
        ("sentences", r"[.!?。！？।؟…](?=[\s\"'”’»)」』]|$)|[。！？]"),
        ("digits", r"\d"),
        ("punctuation", r"[^\w\s]"),
        ("cjk", "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"),
    ],
)
@pytest.mark.parametrize("text", TEXTS)
def test_signs_are_counted_as_a_pattern_finds_them(name: str, pattern: str, text: str) -> None:
    size = {"bars": 1, "quotes": 1, "sentences": 1}.get(name, len(text))

    assert _measured(text)[name] == len(re.findall(pattern, text)) / size


def test_only_the_start_of_a_long_text_tells_its_form() -> None:
    start, rest = "Port Authority said so. " * 20, "it was 12 o'clock & late, " * 40
    long, short = _measured((start + rest).strip()), _measured(start.strip())

    assert [long[name] for name in ("capitals", "digits", "word length")] == [
        short[name] for name in ("capitals", "digits", "word length")
    ]
    assert long["words"] == short["words"] + 40 * 6


def test_texts_are_measured_alike_alone_and_among_others() -> None:
    texts = [*TEXTS, *(" ".join(random.Random(seed).choices(TEXTS, k=40)) for seed in range(5))]
    together = measure_texts(texts, [read_words(text) for text in texts])

    assert together.T.tolist() == [list(_measured(text).values()) for text in texts]
    assert measure_lengths(texts) == [measure_length(text) for text in texts]


def test_a_script_without_spaces_has_pairs_of_letters_for_words() -> None:
    assert read_words("The ferry 渡轮停航 left").vocabulary() == {"ferry", "left", "渡轮", "轮停", "停航"}
