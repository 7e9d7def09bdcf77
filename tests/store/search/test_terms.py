from __future__ import annotations

import pytest

from scraper.model import Credit
from scraper.store.search import terms as module
from scraper.store.search.terms import document, stem_code, terms
from tests.store.values import article


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Às 18h, o café — C++ e a_b", ["as", "18h", "o", "cafe", "c", "e", "a", "b"]),
        ("新华社 reports", ["新华", "华社", "社", "reports"]),
        ("STRASSE straße ﬁne", ["strasse", "strasse", "fine"]),
        ("Việt Nam, Đà Nẵng, Łódź, København, Œuvre, ISPARTA, Iğdır", [
            "viet", "nam", "da", "nang", "lodz", "kobenhavn", "oeuvre", "isparta", "igdir",
        ]),
        ("ที่นี่", ["ที่นี่", "นี่"]),
        ("서울에서", ["서울", "울에", "에서", "서"]),
        ("がか", ["がか", "か"]),
        ("दिन दान दीन", ["दिन", "दान", "दीन"]),
        ("কলকাতা কলকেতে", ["কলকাতা", "কলকেতে"]),
        ("Bundes\u00adregierung می\u200cخواهم", ["bundesregierung", "ميخواهم"]),
        ("الجِسْر أحمد مـــدينة", ["الجسر", "احمد", "مدينه"]),
        ("Ёлка Γέφυρα", ["елка", "γεφυρα"]),
        ("٢٠٢٦ ２０２６", ["2026", "2026"]),
        ("❤\ufe0f …!?", []),
        ("".join(map(chr, range(0x2190, 0x2200))) + " a→b", ["a", "b"]),
        ("x" * 65 + " y", ["y"]),
        ("\ud800 \x00", ["\ud800"][:0]),
    ],
)  # fmt: skip
def test_terms_have_no_case_and_no_accents_and_keep_what_spells_a_word(
    text: str, expected: list[str]
) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "bridge Bridges BRIDGED"),
        ("de", "Brücke Brücken brucken bruecken"),
        ("fr", "élection Élections election"),
        ("es", "elección elecciones ELECCION"),
        ("pt", "eleição eleições eleicao"),
        ("it", "ponte ponti"),
        ("ru", "новый новые новых"),
        ("ar", "الجسر جسر"),
        ("hi", "पुल पुलों"),
        ("tr", "köprü köprüleri"),
        ("el", "γέφυρα γέφυρες ΓΕΦΥΡΑ"),
        ("pl", "most mosty mostami"),
        ("nb", "havn havnen"),
    ],
)
def test_words_of_one_stem_are_found_by_each_other(language: str, words: str) -> None:
    assert len(set(terms(words, stem_code(language)))) == 1


def test_of_a_huge_text_the_start_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TEXT", 200)
    monkeypatch.setattr(module, "MAX_TERMS", 50)
    assert 40 <= len(terms("a\u0301b " * 3_000)) <= 50


def test_what_was_kept_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT", 3)
    assert terms("one two three four bus one", "nl") == [
        f"nl_{each}" for each in ["one", "two", "three", "four", "bus", "one"]
    ]


def test_a_document_holds_the_fields_beside_the_text() -> None:
    made = article(
        title="Two bridges",
        body="They open.",
        authors=("Ana Lima", "Bo"),
        credit=Credit(agencies=("dpa",)),
        language="en-GB",
    )
    assert document(made).split(" _ ") == [
        "_ en_two en_bridg", "en_they en_open", "t_en_two t_en_bridg", "a_ana a_lima", "a_bo", "g_dpa",
        "s_harbour l_en l_en_gb k_article _",
    ]  # fmt: skip
