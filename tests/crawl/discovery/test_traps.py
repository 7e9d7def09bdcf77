from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.crawl.discovery.traps import FRUITLESS, is_endless, pattern_of
from tests.crawl.site import HOST, crawl, html, serving, site, sitemap

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.system

QUIET = {"LOG_LEVEL": "ERROR"}
IN_STEP = {**QUIET, "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 1}
"""Nothing is asked for while a page is still extracted: what was found decides, not which is faster."""


@pytest.mark.parametrize(
    ("path", "endless"),
    [
        ("/news/news/news/news/x", True),
        ("/a/b/a/b/a/b/a/b", True),
        ("/" + "/".join("abcdefghijklmnop"), True),
        ("/x?" + "&".join(f"p{n}=1" for n in range(16)), True),
        ("/a/b/a/b/c", False),
        ("/2031/05/05/05/05/the-bridge", False),
        ("/world/europe/2031/05/02/the-bridge-of-quarter-1", False),
    ],
)
def test_an_address_that_leads_into_itself_is_known(path: str, *, endless: bool) -> None:
    assert is_endless(f"https://a.example{path}") is endless


def test_a_pattern_leaves_out_numbers_and_slugs() -> None:
    first = pattern_of("https://a.example/2031/05/02/the-bridge-of-quarter-1?b=1&a=2")
    assert (
        first == pattern_of("https://a.example/2030/11/12/a-ferry-at-last?a=7&b=") == "a.example/#/#/#/*?a&b"
    )


def test_a_calendar_is_left_after_fifty_pages_and_articles_beside_it_are_not(tmp_path: Path) -> None:
    """Takes 30 s: fifty pages of a calendar are fetched, one after another, before it counts as a trap."""
    days = [f"/events/2031/{number}/what-is-on-this-day" for number in range(3 * FRUITLESS)]
    more = "".join(f"<url><loc>http://{HOST}{day}</loc></url>" for day in days)
    empty = html("<html><body></body></html>")
    replies = site(1, 2, **{"/sitemap.xml": sitemap(1, 2, more=more)}, **dict.fromkeys(days, empty))
    with serving(replies) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings=IN_STEP)
        asked = [each for each in server.exchanges if each.address.path.startswith("/events")]
    assert ended.counts["stored"] == 2
    assert FRUITLESS <= len(asked) < len(days)
    assert len(asked) + ended.counts["failed/trap"] == len(days)


def test_a_host_has_a_budget(tmp_path: Path) -> None:
    with serving(site(*range(6))) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings={**QUIET, "NEWS_HOST_BUDGET": 4})
    assert (ended.counts["stored"], ended.counts["failed/host_budget"]) == (4, 2)
