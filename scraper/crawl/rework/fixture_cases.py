"""Fixture cases as the project's spiders would store them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.crawl.sites import load_refinements, load_sites
from scraper.fixtures.truth import truth_of
from scraper.model import Article, Site

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from scraper.crawl.pages.workers import Refine
    from scraper.fixtures.cases import Case
    from scraper.model import Page, Rejection


@dataclass(frozen=True, slots=True, kw_only=True)
class Spiders:
    """What the spiders of the project in the working directory say of their sites."""

    sites: Mapping[str, Site]
    refinements: Mapping[str, Refine]

    @classmethod
    def load(cls) -> Self:
        """Load every spider."""
        return cls(sites=load_sites(), refinements=load_refinements())

    def extract(self, page: Page, site: str) -> Article | Rejection:
        """Return what is made of a page; a site without a spider has only its name."""
        from scraper.extraction.article import extract_article  # heavy

        outcome = extract_article(page, self.sites.get(site, Site(name=site)))
        refine = self.refinements.get(site)
        return refine(outcome, page) if refine and isinstance(outcome, Article) else outcome

    def found(self, case: Case) -> dict[str, Any]:
        """Return the fields that the extractor finds in a case's page."""
        return truth_of(self.extract(case.page, case.site))
