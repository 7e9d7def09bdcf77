"""A crawl learns which source names a host's headlines; the next one extracts with it."""

from __future__ import annotations

import asyncio

from scraper.crawl.pages.learned import Templates
from scraper.crawl.store_thread import Writer
from scraper.learned.template import EMPTY, SiteTemplate
from scraper.store.memory import MemoryStore

HEADLINES = {"json-ld": "Aville flood 2024: what to know", "html:h1": "Flood", "meta:og:title": "Flood"}


def test_what_a_run_learns_the_next_one_knows() -> None:
    store = MemoryStore()

    first = asyncio.run(run(store, pages=3))
    second = asyncio.run(run(store, pages=0))

    assert first.of("https://news.example/9") is EMPTY
    assert second.of("https://news.example/9") == SiteTemplate(title_source="html:h1")
    assert second.of("https://other.example/9") is EMPTY


def test_few_pages_teach_nothing_and_forget_nothing() -> None:
    store = MemoryStore()
    known = SiteTemplate(title_source="meta:og:title")
    store.save_template("gazette", "news.example", known)

    asyncio.run(run(store, pages=2))

    assert store.templates("gazette") == {"news.example": known}


async def run(store: MemoryStore, *, pages: int) -> Templates:
    writer = Writer(lambda: store)
    await writer.open()
    templates = Templates(writer, "gazette")
    await templates.open()
    for number in range(pages):
        templates.add(f"https://news.example/{number}", HEADLINES)
    await templates.save()
    await writer.close()
    return templates
