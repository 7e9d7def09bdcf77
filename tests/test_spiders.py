"""What each site declares is true of its fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.crawl.addresses import belongs, is_article
from scraper.crawl.sites import load_sites
from scraper.fixtures.cases import Case, read_cases
from scraper.model import Kind

CASES = read_cases(Path(__file__).parents[1] / "fixtures")


@pytest.mark.parametrize("case", CASES, ids=[f"{case.site}/{case.name}" for case in CASES])
def test_the_rules_take_articles_and_leave_sections(case: Case) -> None:
    site, url = load_sites()[case.site], case.page.url or ""

    assert belongs(url, site)
    assert is_article(url, site) == (case.truth["kind"] != Kind.LIST)


def test_every_site_says_who_it_is_and_where_it_begins() -> None:
    for name, site in load_sites().items():
        if name != "news":
            assert (site.name, bool(site.publisher), bool(site.home)) == (name, True, True)
