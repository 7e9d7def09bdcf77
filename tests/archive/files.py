"""WARC files of invented articles, some addresses in each of them."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scraper.archive.place import Place
from scraper.archive.warc import ArchiveWriter
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.rework.importing import File, Importer
from scraper.store import ArticleQuery, Store, open_store
from tests.archive.captures import capture

if TYPE_CHECKING:
    from pathlib import Path

_HTML = (("Content-Type", "text/html; charset=utf-8"),)


def page(number: int, version: int = 0) -> bytes:
    """Return an article in words of its own; each version says something else in one of its paragraphs."""
    chance = random.Random(number)

    def sentence() -> str:
        words = ["".join(chance.choices("abdefgiklmnorstu", k=chance.randint(3, 9))) for _ in range(12)]
        return " ".join(words).capitalize() + "."

    paragraphs = [" ".join(sentence() for _ in range(5)) for _ in range(4)]
    paragraphs[1] = "Changed. " * version + paragraphs[1]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<html lang="en"><head><title>{sentence()}</title><meta property="og:type" content="article"></head>'
        f"<body><article><h1>{sentence()}</h1><time datetime='2031-05-02T10:00:00Z'>2 May 2031</time>"
        f"<div>{body}</div></article></body></html>"
    ).encode()


def write_files(folder: Path, files: int, pages: int, shared: int) -> None:
    """Write files an hour apart; so many addresses are in each of them, changed in every other one."""
    for file in range(files):
        with ArchiveWriter(str(folder), f"file{file}") as writer:
            for number in range(pages):
                where = number if number < shared else 1000 * (file + 1) + number
                content = page(where, file // 2 if number < shared else 0)
                url = f"https://paper{where % 3}.example/2031/05/02/report-{where}"
                at = capture().fetched_at + timedelta(hours=file, seconds=number)
                writer.write(capture(url=url, fetched_at=at, headers=_HTML, payload=content))


def told(store: Store) -> dict[str, list[Any]]:
    """Return every revision of every article, and its relation."""
    return {
        current.id: [
            (each.revision, each.article, each.content_hash, each.relation, each.first_seen)
            for each in store.revisions(current.id)
        ]
        for current in store.articles(ArticleQuery())
    }


def one_import(folder: Path) -> dict[str, list[Any]]:
    """Return what one process makes of the files."""
    place = Place(str(folder))
    files = [File(place=place, name=name, key=name) for name in place.names()]
    with open_store("memory:") as store, ExtractionPool(2) as pool:
        Importer(store=store, pool=pool, home=place).take(files, step=lambda _: None)
        return told(store)
