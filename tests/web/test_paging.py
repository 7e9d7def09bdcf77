from __future__ import annotations

from scraper.web.paging import one_page


def test_a_page_names_its_last_only_where_another_one_follows() -> None:
    assert one_page("abc", 3) == ("abc", None)
    assert one_page("abcd", 3) == ("abc", "c")
    assert one_page("", 3) == ("", None)
