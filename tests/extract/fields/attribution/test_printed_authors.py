from __future__ import annotations

import pytest

from scraper.extract.article import examine
from scraper.model import Page, Site
from tests.extract.pages import LONG, metadata


@pytest.mark.parametrize(
    "line",
    [
        "Ada Quill | 20.05.2024 - 10:30",
        "Ada Quill - 20/05/2024",
        "Ada Quill | Senior Writer | May 2, 2024",
        "Ada Quill • 2 May 2024",
    ],
)
def test_a_name_opens_the_line_of_the_date(line: str) -> None:
    assert metadata(before=["Flood in Aville", line]).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    "line", ["Local News | 20.05.2024", "Aville | 20.05.2024", "Ada Quill | Rivers", "Updated | May 2, 2024"]
)
def test_another_line_with_a_date_names_nobody(line: str) -> None:
    assert metadata(before=["Flood in Aville", "What the river did", line]).authors == ()


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("<p><strong>Lê Thị Sông</strong></p>", ("Lê Thị Sông",)),
        ('<p style="text-align:right">Ada Quill</p>', ("Ada Quill",)),
        ("<p>Aville Harbour</p>", ()),
    ],
)
def test_a_name_in_bold_or_at_the_right_signs_the_text(line: str, people: tuple[str, ...]) -> None:
    paragraphs = "".join(f"<p>{number}. {LONG}</p>" for number in range(5))
    page = f"<html><body><h1>Flood in Aville</h1>{paragraphs}{line}</body></html>"
    found = examine(
        Page(url=None, content=page.encode(), content_type="text/html; charset=utf-8"), Site(name="x")
    )

    assert found.metadata.authors == people


def test_a_link_to_an_authors_page_is_the_last_resort() -> None:
    link = '<p>The river page, with <a href="/authors/ada-quill">Ada Quill</a>, every day</p>'
    paragraphs = "".join(f"<p>{number}. {LONG}</p>" for number in range(5))
    page = f"<html><body><h1>Flood in Aville</h1>{link}{paragraphs}</body></html>"
    found = examine(
        Page(url=None, content=page.encode(), content_type="text/html; charset=utf-8"), Site(name="x")
    )

    assert found.metadata.authors == ("Ada Quill",)
