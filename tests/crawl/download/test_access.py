from __future__ import annotations

import gzip
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.settings import Settings

from scraper.archive.place import Place
from scraper.archive.reader import Tally, read_captures
from scraper.crawl.download.access import read_access
from scraper.errors import ConfigError
from scraper.masking import masked
from scraper.store import ArticleQuery, open_store
from tests.crawl.fault_server import Asked, FaultServer, whole
from tests.crawl.site import HOST, article, crawl, path, serving, site

if TYPE_CHECKING:
    from pathlib import Path


def access(**headers: dict[str, str]) -> Settings:
    return Settings({"NEWS_ACCESS": {"paper": headers}})


def test_secrets_come_from_the_environment_and_from_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("Bearer 0f0f0f0f\n")
    monkeypatch.setenv("PAPER_COOKIE", "session=q7zqhush; region=eu")
    settings = access(Cookie={"env": "PAPER_COOKIE"}, Authorization={"file": str(tmp_path / "key")})
    assert read_access(settings, "paper") == {
        "Cookie": "session=q7zqhush; region=eu",
        "Authorization": "Bearer 0f0f0f0f",
    }
    assert read_access(settings, "gull") == {}
    assert "q7zqhush" not in masked("it sent session=q7zqhush; region=eu")
    assert "q7zqhush" not in masked("it sent q7zqhush alone")


@pytest.mark.parametrize("value", ["", " ", "a\r\nX: y", "a\x00b", "søster"])
def test_what_is_no_header_is_refused_and_not_told(value: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(value)
    with pytest.raises(ConfigError, match="Cookie") as refused:
        read_access(access(Cookie={"file": str(tmp_path / "key")}), "paper")
    assert not value.strip() or value not in str(refused.value)


@pytest.mark.parametrize("kept", [{"env": "NO_SUCH_VARIABLE"}, {"file": "/no/such/file"}])
def test_a_secret_that_is_missing_is_named(kept: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=next(iter(kept.values()))):
        read_access(access(Cookie=kept), "paper")


@pytest.mark.system
def test_only_the_hosts_of_the_site_get_the_headers_and_the_archive_does_not(tmp_path: Path) -> None:
    got: dict[str, dict[str, str]] = {}
    elsewhere = "http://gull.test/feed"

    def serve(asked: Asked) -> None:
        got[f"{asked.host}{asked.path}"] = {name.lower(): value for name, value in asked.headers.items()}
        if asked.path == "/robots.txt":
            whole(asked, b"User-agent: *", kind="text/plain")
        elif asked.path == "/feed" and asked.host == HOST:
            whole(asked, b"", "302 Found", f"Location: {elsewhere}")
        elif asked.path == path(1):
            whole(asked, article(1).content, "200 OK", "Set-Cookie: session=new-one", "X-Own: stays")
        else:
            link = f'<link rel="alternate" type="application/rss+xml" href="http://{HOST}/feed">'
            whole(
                asked,
                f"<html><head>{link}</head><a href='{path(1)}'>The ferry of quarter one sails</a>".encode(),
            )

    settings: dict[str, Any] = {
        "NEWS_ARCHIVE": str(tmp_path / "archive"),
        "NEWS_ACCESS": {HOST: {"Cookie": {"env": "PAPER_COOKIE"}, "X-Subscriber": {"env": "PAPER_KEY"}}},
        "ENVIRON": {"PAPER_COOKIE": "session=the-secret", "PAPER_KEY": "the-other-secret"},
        "LOG_LEVEL": "DEBUG",
    }
    with FaultServer(serve) as server:
        crawl(server.port, tmp_path / "news.db", settings=settings)
    sent = [got[f"{HOST}{asked}"] for asked in ("/", "/feed", path(1))]
    place = Place(str(tmp_path / "archive"))
    with place.open(place.names()[0]) as stream:
        kept = [found.capture for found in read_captures(stream, Tally())]

    assert {(each["cookie"], each["x-subscriber"]) for each in sent} == {
        ("session=the-secret", "the-other-secret")
    }
    assert not {"cookie", "x-subscriber"} & set(got["gull.test/feed"])
    assert [each.url for each in kept] == [f"http://{HOST}{path(1)}"]
    assert "secret" not in str(kept[0].request_headers)
    assert kept[0].header("Set-Cookie") is None
    assert kept[0].header("X-Own") == "stays"


@pytest.mark.system
def test_a_crawl_whose_secret_is_missing_does_not_begin(tmp_path: Path) -> None:
    settings = {"NEWS_ACCESS": {HOST: {"Cookie": {"env": "NO_SUCH_VARIABLE"}}}}
    with serving(site(1)) as server:
        with pytest.raises(ConfigError, match="NO_SUCH_VARIABLE"):
            crawl(server.port, tmp_path / "news.db", settings=settings)
        assert server.exchanges == []


def all_in(folder: Path) -> bytes:
    """Return what every file of a folder holds, unpacked."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return b"".join(
        gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes() for file in files
    )


@pytest.mark.system
@pytest.mark.parametrize("how", ["site", "page", "link"])
def test_user_info_of_an_address_lets_in_and_is_told_nowhere(how: str, tmp_path: Path) -> None:
    let_in = "Basic " + b64encode(b"me:p@ss/qhush1").decode()
    user_info = "me:p%40ss%2Fqhush1@"
    elsewhere: list[dict[str, str]] = []
    link = f"http://{user_info if how == 'link' else ''}{HOST}{path(1)}"

    def serve(asked: Asked) -> None:
        if asked.host != HOST:
            elsewhere.append(asked.headers)
            whole(asked, b"<rss><channel></channel></rss>", kind="text/xml")
        elif how != "link" and asked.headers.get("authorization") != let_in:
            whole(asked, b"", "401 Unauthorized", 'WWW-Authenticate: Basic realm="x"')
        elif asked.path == "/robots.txt":
            sitemap = f"Sitemap: http://{HOST}/map.xml\nSitemap: http://gull.test/map.xml"
            whole(asked, f"User-agent: *\n{sitemap}".encode(), kind="text/plain")
        elif asked.path == "/map.xml":
            whole(asked, f"<urlset><url><loc>{link}</loc></url></urlset>".encode(), kind="text/xml")
        elif asked.path == path(1) and asked.headers.get("authorization") == let_in:
            whole(asked, article(1).content)
        else:
            whole(asked, b"<html><body>Good morning</body></html>")

    target = {"site": f"http://{user_info}{HOST}/", "page": f"http://{user_info}{HOST}{path(1)}"}
    settings: dict[str, Any] = {
        "NEWS_ARCHIVE": str(tmp_path / "archive"),
        "NEWS_ARCHIVE_LISTINGS": how != "link",  # the map holds the address as the site wrote it
        "LOG_LEVEL": "DEBUG",
        "LOG_FILE": str(tmp_path / "log"),
        "STATS_DUMP": True,
    }
    with FaultServer(serve) as server:
        ended = crawl(
            server.port, tmp_path / "news.db", target.get(how, f"http://{HOST}/"), settings=settings
        )
    with open_store(f"sqlite:///{tmp_path / 'news.db'}") as store:
        (stored,) = store.articles(ArticleQuery())
    written = all_in(tmp_path)

    assert ended.code == 0
    assert stored.article.url == f"http://{HOST}{path(1)}"
    assert not [headers for headers in elsewhere if "authorization" in headers]
    for secret in (b"qhush1", let_in.partition(" ")[2].encode()):
        assert secret not in written
