from __future__ import annotations

import pytest

from tests.extraction.pages import metadata


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
