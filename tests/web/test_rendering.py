from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from scraper.store.queries import Marked
from scraper.web.rendering import marked_text, moment, page_templates, web_link, with_query


def shown(template: str, **values: object) -> str:
    return page_templates().from_string(template).render(**values)


def test_a_text_is_escaped_and_loses_what_no_page_may_hold() -> None:
    assert shown("{{ it }}", it="<b>&\x00\u202e'\"\udc80") == "&lt;b&gt;&amp;  &#39;&#34; "
    assert shown("{{ it }}|{{ other }}", it=3, other=None) == "3|"


def test_what_answers_is_marked_and_escaped() -> None:
    found = Marked(text="<i>ferry</i> & \u202eferry", marks=((3, 8), (16, 21)))
    assert str(marked_text(found)).count("<mark>ferry</mark>") == 2
    assert "<i>" not in str(marked_text(found))


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (datetime(2026, 3, 1, 13, 5, 9, tzinfo=timezone(timedelta(hours=1))), ">2026-03-01 12:05<"),
        ("2026-03-01", ">2026-03-01<"),
        ("2026-03-01T08:00:00Z", ">2026-03-01 08:00<"),
        ('"><b>', ">&#34;&gt;&lt;b&gt;<"),
    ],
)
def test_a_time_is_told_to_the_minute(told: datetime | str, text: str) -> None:
    assert text in str(moment(told))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", " http://a", "//a", "", None, "http:", "https:///x"],
)
def test_a_link_leads_to_the_web_or_nowhere(address: str | None) -> None:
    assert web_link(address) is None
    assert web_link("HTTPS://news.example/1") == "HTTPS://news.example/1"


def test_parameters_without_a_value_are_left_out() -> None:
    assert with_query("/articles", {"q": "a & b", "site": None}, after=0) == "/articles?q=a+%26+b&after=0"
    assert with_query("/articles", {"q": ""}) == "/articles"
