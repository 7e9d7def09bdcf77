from __future__ import annotations

import pytest

from tests.extraction.pages import LONG, metadata


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Ada Quill For The Aville Examiner", ("Ada Quill",)),
        ("Byby ADA QUILL, BEN MARLOW and CARL ODE", ("ADA QUILL", "BEN MARLOW", "CARL ODE")),
        ("By Ada Quill Associated Press", ("Ada Quill",)),
        ("Haber: Ayşe Demir / Fotoğraf: Can Kaya", ("Ayşe Demir",)),
        ("Autor: Jana Nováková, Foto: Petr Malý", ("Jana Nováková",)),
        ("Του Γιάννη Ποταμού", ("Γιάννη Ποταμού",)),
        ("كتب: أحمد النهري", ("أحمد النهري",)),
        ("Propos recueillis par Ada Quill", ("Ada Quill",)),
        ("Autorin/Autor Pavel Quillenko", ("Pavel Quillenko",)),
        ("From: Ada Quill <ada@examiner.example>", ("Ada Quill",)),
    ],
)
def test_a_byline_gives_its_people_and_no_one_else(line: str, people: tuple[str, ...]) -> None:
    assert metadata(before=["Flood in Aville", line]).authors == people


def test_the_site_s_name_before_a_name_is_no_part_of_it() -> None:
    html = (
        '<meta property="og:site_name" content="Ouest-Aville"><h1>Flood</h1>'
        '<div class="author">Ouest-Aville <b>Ada QUILL</b></div>'
    )

    assert metadata(html).authors == ("Ada QUILL",)


@pytest.mark.parametrize(
    "line", ["المرسى الجديدة - أحمد النهري", "أحمد النهري - المرسى الجديدة", "أحمد النهري – المرسى الجديدة"]
)
def test_a_place_beside_a_name_is_known_by_the_text(line: str) -> None:
    text = f"أعلنت بلدية المرسى الجديدة إغلاق الجسر القديم. {LONG}"
    html = f'<h1>إغلاق الجسر</h1><span class="author">{line}</span>'

    assert metadata(html, body=[text]).authors == ("أحمد النهري",)
