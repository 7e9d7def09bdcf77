"""What a browser made is kept, so that nothing that is done with it later needs one."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.archive.place import Place
from scraper.crawl.download.replay import replay_settings
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.rendering.chromium import find_browser
from scraper.crawl.rework.importing import File, Importer
from scraper.crawl.rework.reextracting import Reextractor
from scraper.errors import ConfigError
from scraper.export.formats import Format, write_stream
from scraper.store import ArticleQuery, open_store
from tests.crawl.rendering.scripted import DAY, SETTINGS, as_json, paragraphs, scripted, shell, shown
from tests.crawl.site import crawl, html, serving, site

if TYPE_CHECKING:
    from scraper.model import Article, Page
    from scraper.store import Store

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[3]


def exported(store: Store) -> str:
    stream = io.StringIO()
    write_stream(store.articles(ArticleQuery()), Format.JSONL, stream)
    return stream.getvalue()


def files(folder: Path) -> list[File]:
    place = Place(str(folder))
    return [File(place=place, name=name, key=name) for name in place.names()]


@pytest.mark.skipif(find_browser() is None, reason="no Chromium is installed")
def test_replay_import_and_reextraction_give_the_same_bytes_without_a_browser(tmp_path: Path) -> None:
    folder, path = tmp_path / "archive", str(tmp_path / "nothing")
    pages = {
        "/": html(
            f"<div id='app'></div><script>app.innerHTML = '<a href={DAY}/by-a-link-of-a-script>x</a>'</script>"
        ),
        f"{DAY}/by-a-fetch-of-json": shell(
            1, "fetch('/data/one.json').then(each => each.json()).then(each => show(each))"
        ),
        f"{DAY}/that-a-script-writes": shell(2, shown(2)),
        "/data/one.json": as_json(paragraphs(1)),
    }
    given = {
        **SETTINGS,
        "NEWS_ARCHIVE": str(folder),
        "NEWS_ARCHIVE_LISTINGS": True,
        "NEWS_RENDER_SECONDS": 60,  # none of its pages needs the limit, however slow the machine
    }
    with serving(site(**scripted(**pages), **{f"{DAY}/by-a-link-of-a-script": shell(3, shown(3))})) as server:
        crawled = crawl(server.port, tmp_path / "a.db", settings=given)
    with open_store(f"sqlite:///{tmp_path}/a.db") as store, ExtractionPool(1) as pool:
        expected = exported(store)
        tools = Reextractor(
            store=store, place=Place(str(folder)), pool=pool, sites={}, refinements={"harbour.test": keep}
        )
        again = [(each.fields, each.missing) for each in tools.run(ArticleQuery())]
    without = {**replay_settings(str(folder)), "NEWS_RENDER": True, "ENVIRON": {"PATH": path, "HOME": path}}
    replayed = crawl(1, tmp_path / "b.db", settings=without)
    with open_store(f"sqlite:///{tmp_path}/b.db") as store:
        assert exported(store) == expected
    with open_store(f"sqlite:///{tmp_path}/c.db") as store, ExtractionPool(1) as pool:
        Importer(store=store, pool=pool, sites={}).take(files(folder), step=lambda _: None)
        imported = [
            (each.article.body, each.article.provenance["page"]) for each in store.articles(ArticleQuery())
        ]
    with open_store(f"sqlite:///{tmp_path}/a.db") as store:
        stored = [
            (each.article.body, each.article.provenance["page"]) for each in store.articles(ArticleQuery())
        ]

    assert crawled.counts["stored"] == replayed.counts["stored"] == 3
    assert again == [((), None)] * 3
    assert sorted(imported, key=str) == sorted(stored, key=str)
    assert "rendered" not in replayed.counts


def keep(article: Article, page: Page) -> Article:
    """Change nothing: for a site that refines, every article is extracted again."""
    del page
    return article


def test_a_site_that_is_rendered_is_not_crawled_without_a_browser(tmp_path: Path) -> None:
    nowhere = str(tmp_path)
    with pytest.raises(ConfigError, match="declared is rendered: it needs a browser, and no Chromium is on"):
        crawl(1, tmp_path / "a.db", "declared", {**SETTINGS, "ENVIRON": {"PATH": nowhere, "HOME": nowhere}})


def test_a_crawl_of_pages_as_they_come_loads_nothing_of_a_browser(tmp_path: Path) -> None:
    code = (
        "import sys, scraper.crawl.run, scraper.crawl.addon, scraper.settings;"
        "from scrapy.utils.misc import load_object;"
        "[load_object(each) for each in scraper.settings.DOWNLOADER_MIDDLEWARES];"
        "print([each for each in sys.modules if each.startswith('scraper.crawl.rendering.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.strip() == "['scraper.crawl.rendering.renderer']"
