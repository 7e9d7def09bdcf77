from __future__ import annotations

import pytest

from tests.extraction.pages import metadata


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By the River Team", ("the River Team",)),
        ("River Newsroom September 4, 2031", ("River Newsroom",)),
        ("Published Online", ()),
        ("Reuters Staff", ()),
        ("Staff", ()),
    ],
)
def test_a_byline_may_name_a_team(byline: str, authors: tuple[str, ...]) -> None:
    html = f'<body><h1>Flood</h1><p class="author">{byline}</p></body>'

    assert metadata(html).authors == authors


def test_a_team_steps_back_behind_a_person() -> None:
    html = '<body><h1>Flood</h1><p class="author">By the River Team</p></body>'

    assert metadata(html, before=["Flood", "By Ada Quill"]).authors == ("Ada Quill",)


def test_a_line_without_its_label_issues_nothing() -> None:
    assert metadata(before=[":: Marktplatz"]).authors == ()


def test_an_authority_issues_a_notice() -> None:
    found = metadata(before=["发文机关： | 河畔县人民政府"])

    assert found.authors == ("河畔县人民政府",)
    assert found.provenance["authors"].confidence < 0.5
