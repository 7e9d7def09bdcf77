from __future__ import annotations

import pytest

from scraper.dedup.compare import Match
from scraper.dedup.direction import origin
from scraper.dedup.index import IndexedText
from scraper.model import ArticleId, Credit
from tests.dedup.stories import article


def earlier(published: str | None = None, agencies: tuple[str, ...] = ()) -> IndexedText:
    return IndexedText(
        document=1, story=1, article_id=ArticleId("x"), site="dalewire.example", publisher="Dale Wire",
        agencies=agencies, published=published, body="",
    )  # fmt: skip


def test_who_credits_the_other_is_the_copy() -> None:
    copy = article("https://a.example/1", "", credit=Credit(agencies=("DALE WIRE",)), published="2031-05-01")
    assert origin(copy, earlier("2031-05-02")) == {"origin": "earlier", "origin_by": "credit"}


@pytest.mark.parametrize(
    ("this", "that", "expected"),
    [
        ("2031-05-02", "2031-05-01T08:00:00Z", {"origin": "earlier", "origin_by": "time"}),
        ("2031-05-01T07:00:00Z", "2031-05-01T08:00:00Z", {"origin": "this", "origin_by": "time"}),
        ("2031-05-01", "2031-05-01T08:00:00Z", {}),
        (None, "2031-05-01", {}),
    ],
)
def test_else_who_published_later(this: str | None, that: str, expected: dict[str, str]) -> None:
    assert origin(article("https://a.example/1", "", published=this), earlier(that)) == expected


@pytest.mark.parametrize(
    ("this", "that", "expected"),
    [
        (1.0, 0.5, {"origin": "earlier", "origin_by": "containment"}),
        (0.5, 0.95, {"origin": "this", "origin_by": "containment"}),
        (1.0, 0.8, {}),
        (0.7, 0.5, {}),
    ],
)
def test_else_the_cut_one_is_the_copy(this: float, that: float, expected: dict[str, str]) -> None:
    found = Match(shared=90, first=round(90 / this), second=round(90 / that), conflict=0)
    same_day = article("https://a.example/1", "", published="2031-05-01")
    assert origin(same_day, earlier("2031-05-01"), found) == expected


def test_time_decides_before_containment() -> None:
    found = Match(shared=90, first=90, second=180, conflict=0)
    first = article("https://a.example/1", "", published="2031-05-01")
    assert origin(first, earlier("2031-05-02"), found) == {"origin": "this", "origin_by": "time"}
