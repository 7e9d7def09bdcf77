from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.archive.place import Place
from scraper.archive.reader import Tally, read_captures
from scraper.errors import ConfigError, InputError
from scraper.store import ArticleQuery, open_store
from tests.crawl.site import HOST, crawl, html, path, serving, site, sitemap

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    Run = Callable[..., Result]


def test_without_yes_and_a_terminal_nothing_is_removed(news: str, run: Run) -> None:
    with pytest.raises(ConfigError, match="--yes"):
        run("forget", news, "--reason", "asked for")
    assert news in run("articles").stdout


def test_what_nobody_knows_is_told(news: str, run: Run) -> None:
    with pytest.raises(InputError, match="no such article, rejection or site"):
        run("forget", "0" * 16, "--reason", "asked for", "--yes")
    assert news in run("articles").stdout


def test_an_article_is_removed_by_its_id(news: str, run: Run) -> None:
    assert run("forget", news, "--reason", "asked for", "--yes").exit_code == 0
    assert news not in run("articles").stdout


@pytest.mark.system
@pytest.mark.parametrize("by", ["address", "site"])
def test_what_was_forgotten_is_never_asked_for_or_kept_again(
    tmp_path: Path, run: Run, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, store = f"http://{HOST}{path(1)}", tmp_path / "news.db"
    archive = {"NEWS_ARCHIVE": str(tmp_path / "archive"), "NEWS_REFETCH_HOURS": [1e-6]}
    moved = html("", 301, Location=url)
    with serving(site(1, 2, 3)) as server:
        crawl(server.port, store, settings=archive)
    target = url if by == "address" else HOST
    monkeypatch.setenv("SCRAPER_ARCHIVE", str(tmp_path / "archive"))
    run("--store", f"sqlite:///{store}", "forget", target, "--reason", "asked for", "--yes")
    more = f"<url><loc>http://{HOST}/2031/05/02/another-way-to-it</loc></url>"
    other = {"/2031/05/02/another-way-to-it": moved, "/sitemap.xml": sitemap(1, 2, 3, more=more)}
    pages = site(1, 2, 3, **other)
    with serving(pages) as server:
        again = crawl(server.port, store, settings=archive)
        asked = crawl(server.port, store, settings=archive, urls=url)
    with open_store(f"sqlite:///{store}") as opened:
        left = {each.article.url for each in opened.articles(ArticleQuery())}
    captured = set()
    for name in Place(str(tmp_path / "archive")).names():
        with Place(str(tmp_path / "archive")).open(name) as stream:
            captured |= {found.capture.url for found in read_captures(stream, Tally())}

    assert url not in left | captured
    assert again.counts["rejected/forgotten"] == 1
    assert asked.counts["forgotten"] == 1
    if by == "address":
        assert f"http://{HOST}{path(2)}" in left & captured
