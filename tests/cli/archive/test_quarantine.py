from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.archive.warc import ArchiveWriter
from scraper.errors import InputError
from scraper.model import Reason
from scraper.store import ArticleQuery, Fetch, Outcome, Quarantined, open_store
from scraper.store.protocol import address_key
from tests.archive.captures import capture
from tests.crawl.site import article, path
from tests.store.values import rejection

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result


def quarantined(number: int) -> str:
    """Put an archived page into quarantine; return its id."""
    url, content = f"https://harbour.example{path(number)}", article(number).content
    made = capture(number, url=url, headers=(("Content-Type", "text/html"),), payload=content)
    with ArchiveWriter("archive", "harbour") as writer:
        pointer = writer.write(made)
    why = {"reason": Reason.EXTRACTION_TIMEOUT, "detail": "it took \x1b[31mlong", "raw_sha256": f"{number}"}
    refused = rejection(number, url=url, fetched_at=made.fetched_at, status=200, **why)
    with open_store("sqlite:///news.db") as store, store.transaction():
        store.quarantine(Quarantined(url=url, rejection=refused))
        store.record_fetch(
            Fetch(
                url=url,
                site="harbour",
                fetched_at=made.fetched_at,
                outcome=Outcome.QUARANTINED,
                reason=refused.reason,
                raw_sha256=refused.raw_sha256,
                size=len(content),
                archived=(pointer,),
            )
        )
    return address_key(url)


def test_quarantined_pages_are_listed_without_what_a_terminal_obeys(
    news: str, run: Callable[..., Result]
) -> None:
    key = quarantined(1)
    line = run("quarantine", "list", "--site", "harbour").output
    assert line.startswith(key)
    assert "extraction_timeout" in line
    assert "\x1b" not in line
    assert json.loads(run("quarantine", "list", "--json").output)["id"] == key
    assert run("quarantine", "list", "--site", "gazette").stdout == ""
    assert "1 extraction_timeout" in run("sites").output


def test_a_quarantined_page_is_shown_with_its_place_and_its_bytes(
    news: str, run: Callable[..., Result]
) -> None:
    key = quarantined(1)
    shown = run("quarantine", "show", key, "--out", "page.html").output
    assert ".warc.gz" in shown
    assert "\x1b" not in shown
    assert Path("page.html").read_bytes() == article(1).content
    by_address = run("quarantine", "show", f"https://harbour.example{path(1)}", "--json").output
    assert json.loads(by_address)["size"] == len(article(1).content)


def test_a_retry_moves_the_named_pages_to_what_they_are(news: str, run: Callable[..., Result]) -> None:
    first, second = quarantined(1), quarantined(2)
    done = run("quarantine", "retry", first)
    assert done.exit_code == 0
    assert done.output.startswith(f"{first}\tarticle\t")
    assert second in run("quarantine", "list").output
    Path("archive").rename("moved")
    done = run("quarantine", "retry", "--json")
    assert done.exit_code == 1
    assert json.loads(done.output)["became"] == "quarantined"
    with open_store("sqlite:///news.db") as store:
        titles = [each.article.title for each in store.articles(ArticleQuery())]
    assert titles.count("The bridge of quarter 1") == 1


def test_a_retry_that_was_wished_for_counts_what_became_of_the_pages(
    news: str, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    quarantined(1)
    monkeypatch.setenv("SCRAPER_RUN", "20310502T120000-3f9a1c")
    done = run("quarantine", "retry", "--site=harbour")
    assert (done.exit_code, json.loads(done.output)) == (0, {"article": 1})
    quarantined(2)
    Path("archive").rename("moved")
    done = run("quarantine", "retry", "--site=harbour")
    assert (done.exit_code, json.loads(done.output)) == (3, {"quarantined": 1})


def test_a_page_that_is_not_in_quarantine_is_refused_by_name(news: str, run: Callable[..., Result]) -> None:
    with pytest.raises(InputError, match="0123: no such page is in quarantine"):
        run("quarantine", "show", "0123")
