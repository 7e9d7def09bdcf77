"""Every hostile page through the workers, with limits lowered: an outcome each, in time, and the next page right."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.crawl.pages.workers import ExtractionPool
from scraper.extraction.article import extract_article
from scraper.model import Article, Page, Reason, Rejection, Site
from scraper.record import to_json, to_record
from tests.extraction.hostile_pages import TEXT, WORD, hostile_pages, page
from tests.extraction.lowered import lower
from tests.extraction.mutations import mutated

pytestmark = pytest.mark.system

SITE = Site(name="example")
FIXTURES = Path(__file__).parents[2] / "fixtures"
LIMITS = (
    "bytes",
    "tags",
    "elements inside one another",
    "attributes in one tag",
    "a declaration",
    f"rejected: {Reason.TOO_LARGE}",
)
_UNKNOWN_TEXT = ("binary", "upper_case", "cut_in", "bad_byte", "unclosed_title")


def test_every_hostile_page_has_an_outcome_and_the_pages_between_are_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lower(monkeypatch)
    cases = hostile_pages()
    assert len(cases) >= 150
    normal = Page(url="https://example.com/normal", content=page().encode())
    expected = extract_article(normal, SITE)
    assert isinstance(expected, Article)
    assert "degraded" not in expected.extractor
    pages = []
    for at, (name, content) in enumerate(cases.items()):
        pages.append(Page(url=f"https://example.com/{name}", content=content))
        if at % 4 == 3:
            pages.append(normal)
    with ExtractionPool(2) as pool:
        outcomes = list(pool.extract_each((page, SITE) for page in pages))
    spoiled = []
    for asked, outcome in zip(pages, outcomes, strict=True):
        if asked is normal:
            assert outcome == expected
        elif isinstance(outcome, Article):
            spoiled += [] if _is_readable(asked, outcome) else [asked.url]
        else:
            assert outcome.reason not in {Reason.EXTRACTION_CRASH, Reason.EXTRACTION_TIMEOUT}, asked.url
    assert spoiled == []
    beyond = {limit for limit in LIMITS for outcome in outcomes if limit in _told(outcome)}
    assert beyond == set(LIMITS)


def _told(outcome: Article | Rejection) -> str:
    """Return why a page was rebuilt or rejected, in words."""
    if isinstance(outcome, Rejection):
        return f"rejected: {outcome.reason}"
    return str(outcome.provenance["body"].raw) if "degraded" in outcome.extractor else ""


def _is_readable(asked: Page, article: Article) -> bool:
    """Return whether the known text is there, as it was written."""
    if (asked.url or "").rpartition("/")[2].startswith(_UNKNOWN_TEXT):
        return True
    is_known = WORD in asked.content.decode("utf-8", "ignore")
    is_whole = article.body.count(WORD) >= TEXT.count(WORD) - 1
    is_printable = not set(article.body) & set("\x00\x01\x08\x1b\ufffe\uffff")
    return (is_whole or not is_known) and is_printable and "Ã" not in article.body


def test_mutated_fixtures_have_outcomes_that_can_be_stored() -> None:
    """Takes 13 s: extracts 500 mutated pages."""
    sources = [path.read_bytes() for path in sorted(FIXTURES.glob("*/*/page.html"))]
    pages = mutated(sources, 500, seed=8)
    with ExtractionPool(2) as pool:
        outcomes = list(pool.extract_each((Page(url=None, content=content), SITE) for content in pages))
    assert len(outcomes) == len(pages)
    for outcome in outcomes:
        if isinstance(outcome, Article):
            to_json(to_record(outcome, content_hash="")).encode()
        else:
            assert outcome.reason not in {Reason.EXTRACTION_CRASH, Reason.EXTRACTION_TIMEOUT}, outcome.detail
