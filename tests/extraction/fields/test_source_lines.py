"""Lines that are about the text and no part of it."""

from __future__ import annotations

import pytest

from scraper.extraction.fields.source_lines import SourceLine, is_rights_notice, read_source_line


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "[Source: Xinhua, Aville, 19May14]",
            SourceLine(publisher="Xinhua", place="Aville", date="2014-05-19"),
        ),
        (
            "[Fuente: Por Lucía Prado, El Faro, Villar, 05jul14]",
            SourceLine(byline="Lucía Prado", publisher="El Faro", place="Villar", date="2014-07-05"),
        ),
        ("Quelle: Der Bote", SourceLine(publisher="Der Bote")),
        (
            "[Source: Centre for Rivers, 3 May 2014]",
            SourceLine(publisher="Centre for Rivers", date="2014-05-03"),
        ),
        ("The source of the river lies above Aville.", None),
    ],
)
def test_the_credit_of_a_reprint_says_who_where_and_when(line: str, said: SourceLine | None) -> None:
    assert read_source_line(line) == said


@pytest.mark.parametrize(
    "text",
    [
        "© 2014 The Aville Post",
        "Este documento ha sido publicado el 06jul14 por el Archivo de Villar.",
        "Ce document a été publié le 3 mai 2014 par les Archives.",
        "Alle rettigheter forbeholdt Avisen.",
        "Minden jog fenntartva, Folyó Hírlap 2031",
        "Все права защищены. Речной вестник",
        "جميع الحقوق محفوظة لجريدة النهر",
        "무단전재 및 재배포 금지",
        "河畔日报版权所有，未经授权不得转载",
        "Bản quyền thuộc Báo Sông",
    ],
)
def test_a_notice_of_rights_is_known_in_the_languages_of_the_table(text: str) -> None:
    assert is_rights_notice(text)
    assert not is_rights_notice(text * 60)
