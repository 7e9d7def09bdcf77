"""Saved pages, records and lists of addresses, taken in by the command."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.errors import InputError
from scraper.fixtures.cases import ReplyAddress
from scraper.model import RelationKind
from scraper.store import ArticleQuery, open_store
from tests.crawl.site import article, html, path, serving
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

pytestmark = pytest.mark.system

AT = 1_900_000_000


def page(number: int, head: str = "") -> bytes:
    return article(number).content.replace(b"<head>", f"<head>{head}".encode())


def saved(name: str, content: bytes, at: int = AT, **said: str) -> None:
    file = Path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    if said:
        Path(f"{name}.json").write_text(json.dumps(said))
    os.utime(file, (at, at))


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of saved pages: an article, a copy elsewhere, a later version, one without address, none."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCRAPER_WORKERS", "1")
    monkeypatch.setenv("SCRAPER_ALLOWED_NETWORKS", "127.0.0.0/8")
    saved("pages/a.html", page(1, "<link rel=canonical href=https://paper.example/2031/05/02/ferry>"))
    saved(
        "pages/deep/b.html",
        page(1),
        AT + 60,
        url="https://gazette.example/2031/05/03/the-ferry",
        site="gazette",
    )
    later = page(1).replace(b"Monday", b"Sunday")
    saved(
        "pages/c.html", later, url="https://paper.example/2031/05/02/ferry", fetched_at="2031-05-02T08:00:00Z"
    )
    saved("pages/d.html", page(4))
    saved("pages/e.html", b"<h1>404</h1><p>Page not found")
    return tmp_path


def records(run: Callable[..., Result], *arguments: str) -> str:
    done = run(*arguments, "export")
    assert done.exit_code == 0
    return done.stdout


def test_a_folder_of_pages_can_be_searched_compared_exported_and_extracted_again(
    pages: Path, run: Callable[..., Result]
) -> None:
    done = run("import", "pages")
    assert done.exit_code == 0, done.output
    again = run("import", "pages", "pages/a.html")
    with open_store("sqlite:///news.db") as store:
        found = {stored.article.site: stored for stored in store.articles(ArticleQuery())}
        revised = found["paper.example"]
        assert [each.relation and each.relation.kind for each in store.revisions(revised.id)] == [
            None,
            RelationKind.REVISION,
        ]
        copy = found["gazette"].relation

    assert again.stdout.splitlines() == ["known\t6"]
    assert copy is not None
    assert copy.to == revised.id
    assert run("articles", "--search", "quarter 4").stdout.splitlines()[0].startswith(found["unknown"].id)
    assert "gazette" in run("cluster", revised.id).stdout
    assert "Sunday" in run("diff", revised.id).stdout
    assert "file:///pages/e.html" in run("rejections").stdout
    assert run("explain", found["unknown"].id).stdout
    assert "to extract again" in run("reextract").output
    lines = [json.loads(line) for line in records(run).splitlines()]
    assert [line["url"] for line in lines if line["id"] == found["unknown"].id] == [None]


def test_an_import_gives_the_records_that_extract_gives(pages: Path, run: Callable[..., Result]) -> None:
    Path("pages/deep/b.html").unlink()
    Path("pages/c.html").unlink()
    run("import", "pages")
    run("extract", "pages", "--out", "records.jsonl", "--workers", "1")
    of = [json.loads(line) for line in Path("records.jsonl").read_text().splitlines()]
    extracted = {line["body"]: line for line in of if line["body"]}
    stored = {line["body"]: line for line in map(json.loads, records(run).splitlines())}

    assert {body: {**line, "id": ""} for body, line in extracted.items()} == {
        body: {**line, "id": ""} for body, line in stored.items()
    }


def test_records_of_extract_and_of_another_store_are_taken_in(
    pages: Path, run: Callable[..., Result]
) -> None:
    run("import", "pages")
    run("extract", "pages", "--out", "records.jsonl", "--workers", "1")
    run("export", "--out", "articles.jsonl")
    run("export", "--after", "0", "--out", "changes.jsonl")
    told = run("--store", "sqlite:///extracted.db", "import", "records.jsonl")
    for source in ("articles", "changes"):
        run("--store", f"sqlite:///{source}.db", "import", f"{source}.jsonl")
    exported = records(run)

    assert "rejected/error\t1" in told.stdout
    assert records(run, "--store", "sqlite:///changes.db") == exported
    assert sorted(records(run, "--store", "sqlite:///articles.db").splitlines()) == sorted(
        exported.splitlines()
    )
    first = json.loads(exported.splitlines()[0])["id"]
    with pytest.raises(InputError, match="page is not archived"):
        run("--store", "sqlite:///changes.db", "explain", first)


def test_a_manifest_names_pages_and_what_cannot_be_read_is_told(
    pages: Path, run: Callable[..., Result]
) -> None:
    saved(
        "dump.txt.page",
        "\n".join(
            f"A line of the text number {number} of ward {number * 7}." for number in range(40)
        ).encode(),
    )
    with Path("pages.csv").open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerows(
            [("file", "url"), ("pages/d.html", "https://paper.example/d"), ("pages/none.html", "")]
        )
        rows.writerow(("pages/a.html", "paper.example/a"))
    lines = [{"id": "dump", "file": "dump.txt.page", "text": True}, {"id": "b"}]
    Path("pages.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    done = run("import", "pages.csv", "pages.jsonl")

    assert done.exit_code == 3
    assert "passed/unreadable\t3" in done.stdout
    assert "pages/none.html: cannot be read" in done.stderr
    assert "'paper.example/a' is no address" in done.stderr
    assert "the key 'file' is missing" in done.stderr
    assert "https://paper.example/d" in run("articles").stdout
    assert "responses\t2" in done.stdout


def test_a_list_of_addresses_is_fetched_as_a_crawl_does_and_once(
    pages: Path, run: Callable[..., Result]
) -> None:
    """A process of its own, since no reactor starts twice."""
    with serving({}) as server:
        home = f"http://127.0.0.1:{server.port}"
        replies = server.recording.replies  # type: ignore[attr-defined]
        for number in (1, 2):
            replies[ReplyAddress.of(f"{home}{path(number)}")] = article(number)
        replies[ReplyAddress.of(f"{home}/robots.txt")] = html("", 404)
        Path("list.txt").write_text(
            f"# two pages\n{home}{path(1)}\n\n{home}{path(2)}\n{home}/gone\nnowhere\n"
        )
        done = [
            subprocess.run(
                [sys.executable, "-m", "scraper", "import", "list.txt"],
                env=os.environ | {"SCRAPY_DOWNLOAD_DELAY": "0", "SCRAPY_AUTOTHROTTLE_ENABLED": "False"},
                capture_output=True, text=True, check=False, timeout=PATIENCE,
            )
            for _ in range(2)
        ]  # fmt: skip

    assert [each.returncode for each in done] == [3, 3], done
    first, second = (dict(line.split("\t") for line in each.stdout.splitlines()) for each in done)
    assert (first["stored"], first["failed/404"], first["passed/no address"]) == ("2", "1", "1")
    assert second["known"] == "2"
    assert "list.txt:6" in done[0].stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.html", "there is no such file; an import takes WARC files"),
        ("notes.pdf", "an import takes WARC files"),
        ("empty", "neither a saved page nor a WARC file is in it"),
        ("*.htm", "no saved page is there"),
        ("old.arc.gz", "ARC files are not read"),
    ],
)
def test_what_an_import_does_not_know_is_told(
    pages: Path, run: Callable[..., Result], name: str, said: str
) -> None:
    Path("empty").mkdir()
    Path("notes.pdf").write_bytes(b"%PDF-")
    with pytest.raises(InputError, match=said):
        run("import", name)
