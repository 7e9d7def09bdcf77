"""A crawl learns which source names a host's headlines; the next one extracts with it."""

from __future__ import annotations

import asyncio
import random

from scraper.crawl.pages.learned import Templates, with_layouts
from scraper.crawl.store_thread import Writer
from scraper.extraction.pagination import Part
from scraper.learned.layout import MOST_LAYOUTS, Layout, Observation, Observed, Reading
from scraper.learned.template import EMPTY, SiteTemplate
from scraper.model import Page, Pointer, Reason, Rejection
from scraper.store.memory import MemoryStore

REFUSED = Rejection(url=None, site=None, reason=Reason.LIST, detail="", raw_sha256="", fetched_at=None)
HEADLINES = {"json-ld": "Aville flood 2024: what to know", "html:h1": "Flood", "meta:og:title": "Flood"}


def test_what_a_run_learns_the_next_one_knows() -> None:
    store = MemoryStore()

    first = asyncio.run(run(store, pages=3))
    second = asyncio.run(run(store, pages=0))

    assert first.of(page("https://news.example/9")) is EMPTY
    assert second.of(page("https://news.example/9")) == SiteTemplate(title_source="html:h1")
    assert second.of(page("https://other.example/9")) is EMPTY


def test_few_pages_teach_nothing_and_forget_nothing() -> None:
    store = MemoryStore()
    known = SiteTemplate(title_source="meta:og:title")
    store.save_template("gazette", "news.example", known)

    asyncio.run(run(store, pages=2))

    assert store.templates("gazette") == {"news.example": known}


def page(url: str) -> Page:
    return Page(url=url, content=b"")


async def run(store: MemoryStore, *, pages: int) -> Templates:
    writer = Writer(lambda: store)
    await writer.open()
    templates = Templates(writer, "gazette")
    await templates.open()
    for number in range(pages):
        await templates.add(page(f"https://news.example/{number}"), Part(outcome=REFUSED, titles=HEADLINES))
    await templates.save()
    await writer.close()
    return templates


def observed(number: int, *, contradicted: str | None = None) -> Part:
    block = Observed(path="html>body>main>p", text=str(number), letters=900, is_body=True)
    seen = Observation(digest=page_of(number).raw_sha256, place="html>body>main", blocks=(block,))
    return Part(outcome=REFUSED, reading=Reading(observation=seen, contradicted=contradicted))


def page_of(number: int) -> Page:
    pointer = Pointer(file="a.warc.gz", offset=number, digest="")
    return Page(url=f"https://news.example/{number}", content=str(number).encode(), archived=pointer)


async def observe(store: MemoryStore, numbers: list[int], *, contradicted: str | None = None) -> Templates:
    writer = Writer(lambda: store)
    await writer.open()
    templates = Templates(writer, "gazette", layouts=True, since="2031-05-02T08:00:00+00:00")
    await templates.open()
    for number in numbers:
        if templates.observes(page_of(number)):
            await templates.add(page_of(number), observed(number, contradicted=contradicted))
    await templates.save()
    await writer.close()
    return templates


def test_a_layout_is_used_from_the_next_run_on_and_for_archived_pages_alone() -> None:
    store = MemoryStore()

    first = asyncio.run(observe(store, list(range(12))))
    second = asyncio.run(observe(store, []))

    assert first.of(page_of(99)) is EMPTY
    assert len(second.of(page_of(99)).layouts) == 1
    assert not second.of(page("https://news.example/99")).layouts
    assert not second.observes(page("https://news.example/99"))


def test_the_same_layout_is_learned_in_whatever_order_many_pages_come() -> None:
    one, other = MemoryStore(), MemoryStore()
    numbers = list(range(300))

    asyncio.run(observe(one, numbers))
    random.Random(1).shuffle(numbers)
    asyncio.run(observe(other, numbers))

    assert one.templates("gazette") == other.templates("gazette")
    assert one.templates("gazette")["news.example"].layouts


def test_a_contradicted_layout_is_doubted_at_once_and_read_by_no_later_run() -> None:
    store = MemoryStore()
    asyncio.run(observe(store, list(range(12))))
    (layout,) = store.templates("gazette")["news.example"].layouts

    ended = asyncio.run(observe(store, [20], contradicted=layout.version))

    (doubted,) = store.templates("gazette")["news.example"].layouts
    assert ended.is_doubted
    assert doubted.doubted == "2031-05-02T08:00:00+00:00"
    assert asyncio.run(observe(store, [])).is_doubted


def test_of_too_many_layouts_the_oldest_go() -> None:
    layouts = [Layout(rules=str(number)) for number in range(MOST_LAYOUTS + 3)]
    doubted = Layout(rules="doubted", doubted="")

    kept = with_layouts(SiteTemplate(layouts=(doubted, *layouts[:5])), layouts).layouts

    assert kept == (doubted, *layouts[3:])
