"""Archived pages of a site that is built anew in the middle: read by layouts, and mended where one is wrong."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bench.layout_sites import PAGES, site_pages
from scraper.archive.place import Place
from scraper.archive.warc import ArchiveWriter
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.rework import importing
from scraper.crawl.rework.importing import File, Importer
from scraper.export.formats import Format, write_stream
from scraper.extraction.body.layout import layout_of
from scraper.learned.layout import digest_of, rules_of
from scraper.store import ArticleQuery, Store, open_store
from tests.archive.captures import capture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.learned.template import SiteTemplate

pytestmark = pytest.mark.system

SITE = "blog"
HOST = f"{SITE}.test"
HTML = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractionPool]:
    with ExtractionPool(2) as made:
        yield made


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The pages of the site in two files, those of the second half in the first one."""
    folder = tmp_path_factory.mktemp("archive")
    pages = site_pages(SITE)
    for half in (pages[PAGES:], pages[:PAGES]):
        with ArchiveWriter(str(folder), SITE) as writer:
            for each in half:
                assert each.page.fetched_at is not None
                made = capture(each.number, url=each.page.url, headers=HTML, payload=each.page.content)
                writer.write(replace(made, fetched_at=each.page.fetched_at))
    return Place(str(folder))


def files(place: Place) -> list[File]:
    return [File(place=place, name=name, key=name) for name in place.names()]


def imported(folder: Path, place: Place, pool: ExtractionPool, *, home: Place | None) -> Importer:
    store = open_store(f"sqlite:///{folder / 'news.db'}").__enter__()
    importer = Importer(store=store, pool=pool, home=home)
    importer.take(files(place), step=lambda _: None)
    return importer


def exported(store: Store) -> str:
    stream = io.StringIO()
    write_stream(store.articles(ArticleQuery()), Format.JSONL, stream)
    return stream.getvalue()


def bodies(store: Store) -> dict[str, list[str]]:
    found = store.articles(ArticleQuery())
    return {each.article.url or "": each.article.body.split("\n") for each in found}


def template(store: Store) -> SiteTemplate:
    (found,) = store.templates(HOST).values()
    return found


def by_layout(store: Store) -> list[str]:
    found = (layout_of(each.article) for each in store.articles(ArticleQuery()))
    return [version for version in found if version]


def test_no_body_of_a_site_that_is_built_anew_lacks_or_holds_what_a_full_reading_does_not(
    tmp_path: Path, archive: Place, pool: ExtractionPool
) -> None:
    for name in ("full", "known"):
        (tmp_path / name).mkdir()
    full = imported(tmp_path / "full", archive, pool, home=None)
    known = imported(tmp_path / "known", archive, pool, home=archive)

    expected, found = bodies(full.store), bodies(known.store)
    recurring = {text for each in template(known.store).layouts for text in rules_of(each).recurring}
    truth = {each.page.url: each.body.split("\n") for each in site_pages(SITE)}
    assert expected.keys() == found.keys()
    assert len(by_layout(known.store)) >= PAGES // 2
    for url, lines in found.items():
        assert all(
            digest_of(line) in recurring for line in {*lines} ^ {*expected[url]} if line not in truth[url]
        )
        assert {*expected[url]} & {*truth[url]} <= {*lines}
    assert not by_layout(full.store)
    assert not full.store.templates(HOST)


def test_workers_and_the_order_of_files_change_nothing(
    tmp_path: Path, archive: Place, pool: ExtractionPool
) -> None:
    for name in ("two", "one"):
        (tmp_path / name).mkdir()
    two = imported(tmp_path / "two", archive, pool, home=archive)
    with ExtractionPool(1) as single:
        store = open_store(f"sqlite:///{tmp_path / 'one' / 'news.db'}").__enter__()
        one = Importer(store=store, pool=single, home=archive)
        one.take(files(archive)[::-1], step=lambda _: None)

    assert exported(one.store) == exported(two.store)
    assert template(one.store) == template(two.store)


def test_an_import_that_is_cut_off_after_learning_ends_as_one_that_was_not(
    tmp_path: Path, archive: Place, pool: ExtractionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("whole", "cut"):
        (tmp_path / name).mkdir()
    whole = imported(tmp_path / "whole", archive, pool, home=archive)
    seen: list[int] = []

    def step(number: int) -> None:
        seen.append(number)
        if len(seen) > PAGES:
            raise KeyboardInterrupt

    monkeypatch.setattr(importing, "BATCH", 10)
    with open_store(f"sqlite:///{tmp_path / 'cut' / 'news.db'}") as store:
        with pytest.raises(KeyboardInterrupt):
            Importer(store=store, pool=pool, home=archive).take(files(archive), step=step)
        Importer(store=store, pool=pool, home=archive).take(files(archive), step=lambda _: None)

        assert exported(store) == exported(whole.store)


def test_what_a_layout_gave_that_proves_wrong_is_extracted_again_and_the_layout_is_forgotten(
    tmp_path: Path, archive: Place, pool: ExtractionPool
) -> None:
    for name in ("full", "known", "wrong"):
        (tmp_path / name).mkdir()
    expected = bodies(imported(tmp_path / "full", archive, pool, home=None).store)
    right = template(imported(tmp_path / "known", archive, pool, home=archive).store)
    with open_store(f"sqlite:///{tmp_path / 'wrong' / 'news.db'}") as store:
        wrong = replace(right, layouts=tuple(replace(each, rules=half(each.rules)) for each in right.layouts))
        versions = {each.version for each in wrong.layouts}
        with store.transaction():
            store.save_template(HOST, HOST, wrong)
        importer = Importer(store=store, pool=pool, home=archive)
        importer.take(files(archive), step=lambda _: None)

        assert importer.counts["layout/mended"] >= PAGES // 2
        assert not versions & {*by_layout(store)}
        assert not versions & {each.version for each in template(store).layouts}
        for url, lines in bodies(store).items():
            assert {*expected[url]} - {*lines} <= {line for line in expected[url] if "newsletter" in line}


def half(rules: str) -> str:
    """Return the rules of a layout with the paragraphs for something else than the body."""
    found = json.loads(rules)
    moved = [path for path in found["text"] if path.endswith(">p")]
    found["text"] = [path for path in found["text"] if path not in moved]
    return json.dumps({**found, "other": [*found["other"], *moved], "least": 0})
