"""The lead image of an article is fetched where it is asked for, and named in the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.archive.place import Place
from scraper.crawl.download.replay import replay_settings
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.rework.reextracting import Reextractor
from scraper.errors import ConfigError
from scraper.fixtures.cases import Reply, ReplyAddress
from scraper.store import ArticleQuery, open_store
from tests.archive.test_images import png
from tests.crawl.site import HOST, article, crawl, path, serving, site, text

if TYPE_CHECKING:
    from pathlib import Path

PICTURES = "pictures.test"
CASES = {
    1: ("/one.png", ""),
    2: ("/two-of-the-same.png", ""),
    3: ("/a-page.png", ""),
    4: ("/private/four.png", ""),
    5: ("/bomb.png", ""),
    6: ("/gone.png", ""),
    7: ("/seven.png", "<meta name='robots' content='noimageindex'>"),
    8: ("/reserved.png", ""),
}


def picture(content: bytes, **headers: str) -> Reply:
    return Reply(status=200, headers={"Content-Type": "image/png", **headers}, content=content)


def page(number: int) -> Reply:
    where, meta = CASES[number]
    image = f"<meta property='og:image' content='http://{PICTURES}{where}'>{meta}</head>"
    made = article(number)
    return Reply(
        status=made.status,
        headers=made.headers,
        content=made.content.replace(b"</head>", image.encode()),
    )


def replies() -> dict[ReplyAddress, Reply]:
    pictures = {
        "/robots.txt": text("User-agent: *\nDisallow: /private/\n"),
        "/one.png": picture(png()),
        "/two-of-the-same.png": picture(png()),
        "/a-page.png": picture(b"<html><p>Not found</p></html>"),
        "/private/four.png": picture(png()),
        "/bomb.png": picture(png(100_000, 100_000)),
        "/seven.png": picture(png()),
        "/reserved.png": picture(png(), **{"X-Robots-Tag": "noarchive"}),
    }
    own = site(*CASES, **{path(number): page(number) for number in CASES})
    return own | {ReplyAddress(PICTURES, where): reply for where, reply in pictures.items()}


def files(store: Path) -> dict[str, str | None]:
    with open_store(f"sqlite:///{store}") as opened:
        return {
            str(each.article.images[0].url).partition(PICTURES)[2]: each.article.images[0].file
            for each in opened.articles(ArticleQuery())
        }


@pytest.mark.system
def test_lead_images_are_fetched_politely_checked_kept_once_and_named_also_offline(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    given = {
        "NEWS_ARCHIVE": str(archive),
        "NEWS_ARCHIVE_LISTINGS": True,
        "NEWS_IMAGES": "lead",
        "RETRY_TIMES": 0,
    }
    given["NEWS_NO_CAPTURE_OF"] = ["noarchive"]
    with serving(replies()) as server:
        counts = crawl(server.port, tmp_path / "a.db", settings=given).counts
        asked = {each.address.path for each in server.exchanges if each.address.host == PICTURES}
    found = files(tmp_path / "a.db")
    kept = found["/one.png"]
    crawl(1, tmp_path / "b.db", settings=replay_settings(str(archive)))
    with open_store(f"sqlite:///{tmp_path}/a.db") as store, ExtractionPool(1) as pool:
        tools = Reextractor(
            store=store,
            place=Place(str(archive)),
            pool=pool,
            sites={},
            refinements={HOST: lambda each, _: each},
        )
        again = [each.fields for each in tools.run(ArticleQuery())]

    assert counts["stored"] == len(CASES)
    assert counts["images/kept"] == 2
    failed = {
        name.rpartition("/")[2]: number for name, number in counts.items() if name.startswith("images/failed")
    }
    assert failed == {"no_image": 2, "robots": 1, "404": 1, "restricted": 2}
    assert "/private/four.png" not in asked
    assert "/seven.png" not in asked
    assert kept is not None
    assert (archive / kept).read_bytes() == png()
    assert found == dict.fromkeys(found) | {"/one.png": kept, "/two-of-the-same.png": kept}
    assert files(tmp_path / "b.db") == found
    assert again == [()] * len(CASES)


def test_pictures_that_could_not_be_kept_are_not_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="set archive to a place"):
        crawl(1, tmp_path / "a.db", settings={"NEWS_IMAGES": "lead", "NEWS_ARCHIVE": ""})
    with pytest.raises(ConfigError, match="'all' is not known; there is 'lead'"):
        crawl(1, tmp_path / "a.db", settings={"NEWS_IMAGES": "all", "NEWS_ARCHIVE": str(tmp_path)})
