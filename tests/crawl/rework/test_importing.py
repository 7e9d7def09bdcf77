from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.archive.place import Place
from scraper.archive.reader import capture_at
from scraper.archive.warc import ArchiveWriter
from scraper.crawl.download.replay import replay_settings
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.rework import importing
from scraper.crawl.rework.importing import File, Importer
from scraper.export.formats import Format, write_stream
from scraper.fixtures.cases import read_cases
from scraper.store import ArticleQuery, RejectionQuery, Store, open_store
from tests.archive.captures import capture
from tests.crawl.site import HOST, SUBJECTS, article, crawl, html, path, serving, site

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.system

FIXTURES = Path(__file__).parents[3] / "fixtures"
FIRST, SECOND = "/2031/05/02/a-long-report-on-the-tram", "/2031/05/02/a-long-report-on-the-tram?page=2"


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractionPool]:
    with ExtractionPool(1) as made:
        yield made


def exported(store: Store) -> str:
    stream = io.StringIO()
    write_stream(store.articles(ArticleQuery()), Format.JSONL, stream)
    return stream.getvalue()


def files(folder: Path) -> list[File]:
    place = Place(str(folder))
    return [File(place=place, name=name, key=name) for name in place.names()]


def report(number: int, link: str = "") -> bytes:
    """Return a page of a long article; `link` leads to the next one."""
    return article(number).content.replace(b"</article>", f"</article>{link}".encode())


def test_an_imported_archive_gives_the_articles_that_the_crawl_stored(
    tmp_path: Path, pool: ExtractionPool
) -> None:
    folder = tmp_path / "archive"
    pages = {
        FIRST: html(report(8, f"<a rel='next' href='{SECOND}'>2</a>").decode()),
        SECOND: html(report(9).decode()),
        "/2031/05/02/nothing-to-be-read-here": html("<html><body></body></html>"),
    }
    urls = ",".join(f"http://{HOST}{where}" for where in (*map(path, range(4)), *list(pages)[::2]))
    with serving(site(*range(4), **pages)) as server:
        crawled = crawl(server.port, tmp_path / "a.db", settings={"NEWS_ARCHIVE": str(folder)}, urls=urls)
    with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store:
        expected = exported(store)
    with open_store(f"sqlite:///{tmp_path / 'b.db'}") as store:
        importer = Importer(store=store, pool=pool)
        importer.take(files(folder), step=lambda _: None)
        (joined,) = [fetch for fetch in store.archived() if len(fetch.archived) > 1]
        twice = Importer(store=store, pool=pool)
        twice.take(files(folder), step=lambda _: None)
        again = exported(store)

    assert crawled.counts["continued"] == 1
    assert again == expected
    assert importer.counts["stored"] == 5
    assert importer.counts["passed/continuation"] == 1
    assert not twice.counts
    assert [capture_at(Place(str(folder)), pointer).url for pointer in joined.archived] == [
        f"http://{HOST}{where}" for where in (FIRST, SECOND)
    ]


def test_every_kind_of_page_that_the_archive_holds_imports_to_the_same_bytes(
    tmp_path: Path, pool: ExtractionPool
) -> None:
    """Not held are what says noarchive, what came cut, and the answers by which an article is gone."""
    archive = {"NEWS_ARCHIVE": str(tmp_path / "archive"), "LOG_LEVEL": "CRITICAL"}
    plain, revised, gone, unkept, cut, empty = map(path, range(6))
    first = {
        unkept: html(article(3).content.decode(), 200, **{"X-Robots-Tag": "noarchive"}),
        cut: html(article(4).content.decode(), 206),
        empty: html("<html><body></body></html>"),
        "/moved": html("", 301, Location=plain),
    }
    later = {**first, revised: article(11), gone: html("", 404)}
    urls = ",".join(f"http://{HOST}{where}" for where in (*map(path, range(6)), "/moved"))
    for pages in (first, later):
        with serving(site(*range(6), **pages)) as server:
            crawl(server.port, tmp_path / "a.db", settings=archive, urls=urls)
    with (
        open_store(f"sqlite:///{tmp_path / 'a.db'}") as crawled,
        open_store(f"sqlite:///{tmp_path / 'b.db'}") as imported,
    ):
        Importer(store=imported, pool=pool).take(files(tmp_path / "archive"), step=lambda _: None)
        made, again = (
            [json.loads(line) for line in exported(each).splitlines()] for each in (crawled, imported)
        )
        refused = [
            {(each.id, each.url, each.detail) for each in of.rejections(RejectionQuery())}
            for of in (crawled, imported)
        ]
        texts = [
            {record["url"]: len(each.revisions(record["id"])) for record in again}
            for each in (crawled, imported)
        ]

    held = [record for record in made if not record["url"].endswith(unkept)]
    assert {record["url"]: record["gone"] is not None for record in held} == {
        f"http://{HOST}{where}": where == gone for where in (plain, revised, gone)
    }
    assert [{**record, "gone": None} for record in held] == again
    assert texts[0] == texts[1]
    assert [where for where, number in texts[0].items() if number > 1] == [f"http://{HOST}{revised}"]
    assert refused[0] == refused[1]
    assert [url for _, url, _ in refused[0]] == [f"http://{HOST}{empty}"]


def test_an_interrupted_import_goes_on_where_its_last_batch_ended(
    tmp_path: Path, pool: ExtractionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)
    with ArchiveWriter(str(tmp_path / "archive"), "harbour") as writer:
        for number in range(10):
            made = article(number)
            url = f"https://harbour.example{path(number)}"
            writer.write(capture(number, url=url, headers=tuple(made.headers.items()), payload=made.content))
    seen = 0

    def step(_: int) -> None:
        nonlocal seen
        seen += 1
        if seen == 9:
            raise KeyboardInterrupt

    store = open_store("memory:")
    with pytest.raises(KeyboardInterrupt):
        Importer(store=store, pool=pool).take(files(tmp_path / "archive"), step=step)
    before = len(list(store.articles(ArticleQuery())))
    rest = Importer(store=store, pool=pool)
    rest.take(files(tmp_path / "archive"), step=lambda _: None)

    assert before == 6
    assert rest.counts["stored"] == 4
    assert {each.revision for each in store.articles(ArticleQuery())} == {1}


def foreign(kind: str, number: int, block: bytes, **fields: str) -> bytes:
    """Return a record as other programs write it."""
    told = {
        "WARC-Type": kind,
        "WARC-Date": f"2031-05-02T12:00:0{number}Z",
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-00000000{number:02}{len(kind):02}>",
        "WARC-Target-URI": f"https://harbour.example{path(number)}",
        "Content-Length": str(len(block)),
        **fields,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return gzip.compress(f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n")


def foreign_file() -> bytes:
    """Return a file as CC-NEWS and others hold it: no notes of ours, requests first, chunks as sent."""
    file = foreign("warcinfo", 0, b"software: StormCrawler\r\n")
    for number, header in enumerate(
        ("X-Crawl-Content-Encoding: gzip", "Transfer-Encoding: chunked", "Server: x")
    ):
        content = article(number).content
        if "chunked" in header:
            rest = content[1024:]
            content = b"400\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (content[:1024], len(rest), rest)
        head = f"HTTP/1.1 200 OK\r\n{header}\r\nContent-Type: text/html\r\n\r\n".encode()
        file += foreign("request", number, b"GET / HTTP/1.1\r\nHost: harbour.example\r\n\r\n")
        file += foreign(
            "response", number, head + content, **{"Content-Type": "application/http; msgtype=response"}
        )
    return file + foreign("resource", 9, b"a")


def test_files_of_other_programs_are_taken_in(tmp_path: Path, pool: ExtractionPool) -> None:
    (tmp_path / "CC-NEWS-20310502120000-00001.warc.gz").write_bytes(foreign_file())
    store = open_store("memory:")
    importer = Importer(store=store, pool=pool)
    importer.take(files(tmp_path), step=lambda _: None)
    made = list(store.articles(ArticleQuery()))

    assert importer.counts["stored"] == 3
    assert importer.counts["passed/not html"] == 1
    assert [each.article.title for each in made] == [
        f"The {SUBJECTS[number]} of quarter {number}" for number in range(3)
    ]
    assert [each.first_seen.second for each in made] == [0, 1, 2]
    assert not [each for each in made if "\r" in each.article.body or "400" in each.article.body]


def test_the_captures_of_many_files_come_in_order_of_time_and_few_files_are_open(
    tmp_path: Path, pool: ExtractionPool
) -> None:
    minutes = [[4, 6, 8], [5, 7, 9], [0, 1], [2], [3], *([number] for number in range(10, 60))]
    for numbers in minutes:
        with ArchiveWriter(str(tmp_path), "harbour") as writer:
            for number in numbers:
                writer.write(capture(number, payload=b""))
    importer = Importer(store=open_store("memory:"), pool=pool)
    descriptors = Path("/proc/self/fd")
    before, most, found = len(list(descriptors.iterdir())), 0, []
    for each, _ in importer._in_time(files(tmp_path)):
        found.append(each.capture.fetched_at)
        most = max(most, len(list(descriptors.iterdir())) - before)

    assert found == [capture(number).fetched_at for number in range(60)]
    assert most <= 2


def test_what_is_no_html_page_is_counted(tmp_path: Path, pool: ExtractionPool) -> None:
    with ArchiveWriter(str(tmp_path), "harbour") as writer:
        writer.write(capture(1, headers=(("Content-Type", "image/png"),)))
        writer.write(capture(2, status=301))
        writer.write(capture(3, payload=bytes(range(256))))
    importer = Importer(store=open_store("memory:"), pool=pool)
    importer.take(files(tmp_path), step=lambda _: None)

    assert importer.counts == {
        "responses": 3,
        "passed/not html": 1,
        "passed/status 301": 1,
        "passed/damaged": 1,
    }


def test_a_crawl_is_replayed_from_its_archive_without_a_request(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    settings = {"NEWS_ARCHIVE": str(folder), "NEWS_ARCHIVE_LISTINGS": True}
    with serving(site(1, 2, 3)) as server:
        first = crawl(server.port, tmp_path / "a.db", settings=settings)
    gone = f"http://{HOST}{path(9)}"
    again = crawl(1, tmp_path / "b.db", settings=replay_settings(str(folder)))
    missed = crawl(1, tmp_path / "b.db", settings=replay_settings(str(folder)), urls=gone)
    with (
        open_store(f"sqlite:///{tmp_path / 'a.db'}") as one,
        open_store(f"sqlite:///{tmp_path / 'b.db'}") as two,
    ):
        assert exported(one) == exported(two)

    assert first.counts["stored"] == again.counts["stored"] == 3
    assert missed.counts["failed/not_archived"] == missed.counts["replay_missing"] == 1
    assert missed.code == 1


def test_a_crawl_is_replayed_from_fixtures_at_the_time_of_each_page(tmp_path: Path) -> None:
    ended = crawl(1, tmp_path / "a.db", target="phuket_gazette", settings=replay_settings(str(FIXTURES)))
    with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store:
        fetched = {each.article.fetched_at for each in store.articles(ArticleQuery())}

    assert ended.counts["stored"] == 4
    assert ended.counts["replayed"] > 4
    assert fetched <= {case.fetched_at for case in read_cases(FIXTURES)}
