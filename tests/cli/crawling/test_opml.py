from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.crawl.listings.opml import ListedFeed, read_opml, write_opml
from scraper.errors import InputError
from scraper.store import open_store
from scraper.store.protocol import Source
from tests.crawl.listings.test_opml import FEEDS
from tests.store.values import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result


def test_a_list_becomes_spiders_and_spiders_a_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Result]
) -> None:
    monkeypatch.chdir(tmp_path)
    run("init")
    Path("list.opml").write_bytes(
        write_opml(
            "Mine",
            [
                *FEEDS,
                ListedFeed(url="https://www.france24.com/en/rss-new"),
                ListedFeed(url="https://koebes.test/rss"),
            ],
        )
    )
    told = run("opml", "read", "list.opml").stdout.splitlines()
    again = run("opml", "read", "list.opml").stdout.splitlines()
    found = Source(url="https://gull.example/found", site="gull", kind="feed", fetched_at=NOON, result="read")
    with open_store("sqlite:///news.db") as store, store.transaction():
        store.record_source(found)
    written = run("opml", "write").stdout

    assert [line.replace(f"{tmp_path}/", "") for line in told] == [
        "written: spiders/koebes.py, 1 feeds of koebes.example",
        "written: spiders/gull.py, 1 feeds of feeds.gull.example",
        "france24 knows france24.com; not its feeds https://www.france24.com/en/rss-new",
        "written: spiders/koebes_2.py, 1 feeds of koebes.test",
    ]
    assert again[0] == "koebes knows koebes.example"
    assert '"https://koebes.example/rss"' in Path("spiders/koebes.py").read_text()
    assert [feed.url for feed in read_opml(written.encode())].count(FEEDS[1].url) == 1
    assert [feed.url for feed in read_opml(written.encode()) if feed.title == "gull"] == [
        FEEDS[1].url,
        found.url,
    ]


def test_outside_of_a_project_and_without_a_file_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Result]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"list\.opml: cannot be read"):
        run("opml", "read", "list.opml")
    Path("list.opml").write_text("nothing")
    with pytest.raises(InputError, match=r"list\.opml: "):
        run("opml", "read", "list.opml")
