from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import scraper
from scraper import (
    Article,
    Page,
    Reason,
    Rejection,
    ScraperError,
    Site,
    compare_articles,
    extract,
    read_archive,
)
from scraper.archive.warc import ArchiveWriter
from scraper.store import open_store
from tests.archive.captures import capture
from tests.store.values import article, full_article, verdict

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "fixtures/phuket_gazette/ferries/page.html").read_bytes()
URL = "https://paper.example/news/ferries"
EXAMPLES = re.findall(r"```python\n(.+?)```", (ROOT / "docs/reference/api.md").read_text(), re.DOTALL)


def test_every_public_name_is_there_and_no_other() -> None:
    assert scraper.__all__ == sorted(scraper.__all__)
    assert all(getattr(scraper, name) is not None for name in scraper.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        scraper.nothing  # noqa: B018
    assert set(scraper.__all__) <= set(dir(scraper))


def test_every_public_name_is_in_the_documentation() -> None:
    text = (ROOT / "docs/reference/api.md").read_text() + (ROOT / "docs/reference/fields.md").read_text()

    assert not [name for name in scraper.__all__ if name not in text]


def test_the_package_itself_imports_nothing_heavy() -> None:
    code = "import sys, scraper; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert not [
        name for name in ("lxml", "numpy", "scrapy", "sqlalchemy", "trafilatura") if f"'{name}'" in loaded
    ]


def test_the_examples_of_the_documentation_run(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    (tmp_path / "dump.txt").write_text(
        "Harbour bridge closes\n\n" + "The bridge is closed for a year, said the mayor.\n" * 9
    )
    with open_store(f"sqlite:///{tmp_path}/news.db") as store, store.transaction():
        store.save(verdict(full_article()))
    with ArchiveWriter(str(tmp_path / "archive"), "harbour.example") as writer:
        writer.write(capture())
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(EXAMPLES)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert Reason.ERROR in done.stdout


@pytest.mark.parametrize(
    "page", [PAGE, PAGE.decode(), Page(url=URL, content=PAGE)], ids=["bytes", "str", "Page"]
)
def test_a_page_is_bytes_markup_or_a_page(page: Page | bytes | str) -> None:
    found = extract(page, url=None if isinstance(page, Page) else URL)

    assert isinstance(found, Article)
    assert "ferries" in found.body
    assert found.site == "paper.example"


@pytest.mark.parametrize(
    ("url", "site"),
    [(URL, "paper.example"), ("https://www.paper.example/", "paper.example"), (None, "unknown")],
)  # fmt: skip
def test_a_pages_host_names_its_site(url: str | None, site: str) -> None:
    assert extract(PAGE, url=url).site == site


def test_a_site_that_is_given_is_its_site() -> None:
    assert extract(PAGE, url=URL, site=Site(name="gazette")).site == "gazette"


@pytest.mark.parametrize("page", [b"", b"\x00\xff", "<", "\ud800", b"%PDF-1.7", b"<html>" * 500])
def test_what_is_no_article_has_a_reason(page: bytes | str) -> None:
    found = extract(page, url=URL)

    assert isinstance(found, Rejection)
    assert found.reason


def test_an_address_that_is_none_is_named() -> None:
    with pytest.raises(ScraperError, match="this is no address"):
        extract(PAGE, url="http://[::1", site=Site(name="gazette"))


def test_a_page_names_its_address_itself() -> None:
    with pytest.raises(ScraperError, match="a Page has its address itself"):
        extract(Page(url=None, content=PAGE), url=URL)


def test_copies_are_compared() -> None:
    one = article(
        body=" ".join(f"Pier {word} closes, said the keeper of lamp {word * 7}." for word in range(40))
    )
    other = article(body="The council met on Friday. " * 40)
    match = compare_articles(one, one)

    assert match is not None
    assert match.containment == 1.0
    assert compare_articles(one, other) is None


def test_an_archive_gives_its_pages(tmp_path: Path) -> None:
    with ArchiveWriter(str(tmp_path / "archive"), "harbour.example") as writer:
        for number in (1, 2):
            writer.write(capture(number))
    pages = list(read_archive(str(tmp_path / "archive")))
    (file,) = (tmp_path / "archive").rglob("*.warc.gz")

    assert [page.url for page in pages] == [f"https://harbour.example/{number}?a=b" for number in (1, 2)]
    assert pages[0].content == b"<h1>Ferry 1</h1>" * 50
    assert pages[0].fetched_at == capture(1).fetched_at
    assert [page.url for page in read_archive(str(file))] == [page.url for page in pages]


@pytest.mark.parametrize("name", ["nothing", "empty", "nothing.warc.gz"])
def test_an_archive_that_is_none_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ScraperError, match=name):
        list(read_archive(str(tmp_path / name)))
