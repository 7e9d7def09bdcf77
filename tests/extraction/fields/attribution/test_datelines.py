from __future__ import annotations

import pytest

from tests.extraction.pages import LONG, ld, metadata


@pytest.mark.parametrize(
    ("opening", "place", "agencies"),
    [
        ("(서울=연합뉴스) 홍길동 기자 = ", "서울", ("Yonhap",)),
        ("新华社北京5月20日电（记者王小明）", "北京", ("Xinhua",)),
        ("中新网上海2024年5月20日电 ", "上海", ("China News Service",)),
        ("【北京共同】", "北京", ("Kyodo",)),
        ("【ソウル＝時事】", "ソウル", ("Jiji Press",)),
        ("МОСКВА, 20 мая. /ТАСС/. ", "МОСКВА", ("TASS",)),
        ("МОСКВА, 20 мая — РИА Новости. ", "МОСКВА", ("RIA Novosti",)),
        ("Москва. 20 мая. INTERFAX.RU - ", "Москва", ("Interfax",)),
        ("(ANSA) - ROMA, 20 MAG - ", "ROMA", ("ANSA",)),
        ("RIVER.CO, Jakarta - ", "Jakarta", None),
        ("Aville, 22. November 2022 - ", "Aville", None),
        ("Der Verband bittet um Ruhe. Aville, 14. Dezember 2021 – ", "Aville", None),
        ("Aville (juf). ", "Aville", None),
        ("АВИЛЛЬ, 20 мая - РИА Новости, Иван Речной. ", "АВИЛЛЬ", ("RIA Novosti",)),
        ("Авилль. 20 мая. ИНТЕРФАКС - ", "Авилль", ("Interfax",)),
        ("[서울=강변통신] 홍길동 기자 = ", "서울", None),
        ("（中央社記者陳大文台北20日電）", "台北", ("CNA",)),
        ("［東京　２０日　ロイター］ - ", "東京", ("Reuters",)),
        ("AVILA 20 May. (EUROPA PRESS) - ", "AVILA", ("Europa Press",)),
        ("AVİLLE, (DHA)- ", "AVİLLE", ("DHA",)),
        ("MUMBAI, MAY 20 (PTI) ", "MUMBAI", ("PTI",)),
        ("London (CNN)", "London", None),
        ("Linz, 20.05.2024 - ", "Linz", None),
        ("Sungai.co, Jakarta -- ", "Jakarta", None),
        ("Jakarta, Sungai.com - ", "Jakarta", None),
        ("AVILLE dpa | ", "AVILLE", ("dpa",)),
        ("(AGI) - Aville, 20 mag. - ", "Aville", ("AGI",)),
        ("नई दिल्ली, 20 मई (पीटीआई) ", "नई दिल्ली", ("PTI",)),
        ("ঢাকা, ২০ মে (বাসস): ", "ঢাকা", ("Bangladesh Sangbad Sangstha",)),
        ("Ayşe NEHİR / AVİLLE (Nehir), (DHA) - ", "AVİLLE (Nehir)", ("DHA",)),
        ("【ロンドン＝川田花子】", "ロンドン", None),
        ("【5月20日 AFP】", None, ("AFP",)),
        ("Aville rivers | ", None, None),
        ("NATO (ABC) ", None, None),
        ("FACT CHECK — ", None, None),
        ("KEY POINTS: ", None, None),
        ("RIVER: ", None, None),
        ("INFO EXAMINER - ", None, None),
        ("TLDR: ", None, None),
        ("Aville, the mayor says - ", None, None),
    ],
)
def test_a_dateline_is_read_in_every_script(
    opening: str, place: str | None, agencies: tuple[str, ...] | None
) -> None:
    found = metadata(body=[opening + LONG])

    assert (found.dateline and found.dateline.place) == place
    assert (found.credit and found.credit.agencies) == agencies


def test_the_line_under_the_headline_may_be_the_dateline() -> None:
    for line in ("AFP, AVILLE", "AFP / AVILLE"):
        found = metadata(before=["Flood in Aville", line])

        assert found.dateline
        assert found.dateline.place == "AVILLE"


@pytest.mark.parametrize(("declared", "place"), [("Aville", "Aville"), ("Published on 3 May 2024", None)])
def test_structured_data_may_declare_the_place(declared: str, place: str | None) -> None:
    found = metadata(ld(f'{{"@type": "NewsArticle", "dateline": "{declared}"}}'))

    assert (found.dateline and found.dateline.place) == place


@pytest.mark.parametrize(
    "opening",
    [
        "The Long River (2017) – ",
        "SubPlan 1 -> Result (cost=0.00) ",
        "Section 3 - ",
        "UX - ",
        "River-Driven Design (RDD): ",
        "Sir – ",
        "SIR — ",
        "Madam - ",
    ],
)
def test_a_title_with_its_year_or_a_line_of_code_is_no_place(opening: str) -> None:
    assert metadata(body=[opening + LONG]).dateline is None


def test_who_wrote_and_who_photographed_are_no_place() -> None:
    assert metadata(after=["Quelle: Ada Quill (Text), Ben Marlow (Bild)"]).dateline is None
