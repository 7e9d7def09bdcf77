"""Every hostile page through the workers: an outcome each, in time, and the next page right."""

from __future__ import annotations

import time
from pathlib import Path

from scraper.crawl.workers import ExtractionPool
from scraper.extract.article import extract_article
from scraper.model import Article, Page, Reason, Site
from scraper.record import to_json, to_record
from tests.extract.hostile_pages import TEXT, WORD, hostile_pages, page
from tests.extract.mutations import mutated

SITE = Site(name="example")
MOST_SECONDS = 12.0
FIXTURES = Path(__file__).parents[2] / "fixtures"
_UNKNOWN_TEXT = ("binary", "upper_case", "cut_in", "bad_byte", "unclosed_title")


def test_every_hostile_page_has_an_outcome_in_time_and_the_next_page_is_right() -> None:
    cases = hostile_pages()
    assert len(cases) >= 150
    normal = Page(url="https://example.com/normal", content=page().encode())
    expected = extract_article(normal, SITE)
    assert isinstance(expected, Article)
    slow, spoiled, wrong = {}, [], []
    with ExtractionPool(2) as pool:
        assert list(pool.extract_each([(normal, SITE)])) == [
            expected
        ]  # the workers are warm before the clock runs
        for name, content in cases.items():
            began = time.monotonic()
            hostile, after = pool.extract_each(
                [(Page(url=f"https://example.com/{name}", content=content), SITE), (normal, SITE)]
            )
            took = time.monotonic() - began
            if took > MOST_SECONDS:
                slow[name] = took
            if after != expected:
                wrong.append(name)
            if isinstance(hostile, Article) and not name.startswith(_UNKNOWN_TEXT):
                is_whole = hostile.body.count(WORD) >= TEXT.count(WORD) - 1 or WORD not in content.decode(
                    "utf-8", "ignore"
                )
                printable = not set(hostile.body) & set("\x00\x01\x08\x1b\ufffe\uffff")
                spoiled += [] if is_whole and printable and "Ã" not in hostile.body else [name]
            elif not isinstance(hostile, Article):
                assert hostile.reason not in {Reason.EXTRACTION_CRASH, Reason.EXTRACTION_TIMEOUT}, name
    assert (slow, wrong, spoiled) == ({}, [], [])


def test_mutated_fixtures_have_outcomes_that_can_be_stored() -> None:
    sources = [path.read_bytes() for path in sorted(FIXTURES.glob("*/*/page.html"))[:12]]
    pages = mutated(sources, 150, seed=8)
    with ExtractionPool(2) as pool:
        outcomes = list(pool.extract_each((Page(url=None, content=content), SITE) for content in pages))
    assert len(outcomes) == len(pages)
    for outcome in outcomes:
        if isinstance(outcome, Article):
            to_json(to_record(outcome, content_hash="")).encode()
        else:
            assert outcome.reason not in {Reason.EXTRACTION_CRASH, Reason.EXTRACTION_TIMEOUT}, outcome.detail
