from __future__ import annotations

import pytest

from scraper.extraction.fields.images import caption_and_credit
from scraper.model import Image
from tests.extraction.pages import ld, metadata


def test_the_lead_image_comes_first_and_sizes_of_one_picture_are_one() -> None:
    html = ld(
        '{"@type": "NewsArticle", "image": [{"url": "/img/flood-1200x800.jpg", "caption": "The bridge"}, "/img/flood-600x400.jpg", "/img/river.jpg"]}'
    )
    found = metadata(html)
    assert found.images == (
        Image(url="https://examiner.example/img/flood-1200x800.jpg", caption="The bridge"),
        Image(url="https://examiner.example/img/river.jpg"),
    )


def test_a_logo_is_no_picture_of_the_article() -> None:
    assert metadata('<meta property="og:image" content="https://a.example/img/logo.png">').images == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bridge. Photo: Ada Quill", ("The bridge.", "Ada Quill")),
        ("Die Brücke. Foto: Ada Quill/dpa", ("Die Brücke.", "Ada Quill/dpa")),
        ("The bridge. © Ada Quill", ("The bridge.", "Ada Quill")),
        ("The bridge (Ada Quill/Coast Wire)", ("The bridge", "Ada Quill/Coast Wire")),
        ("Photo: Ada Quill", (None, "Ada Quill")),
        ("The bridge at Aville.", ("The bridge at Aville.", None)),
        ("", (None, None)),
    ],
)
def test_a_credit_is_split_from_its_caption(text: str, expected: tuple[str | None, str | None]) -> None:
    assert caption_and_credit(text) == expected
