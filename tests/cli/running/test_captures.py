from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.archive.place import Place
from scraper.archive.warc import ArchiveWriter
from scraper.cli.running.captures import ArchivedCaptures
from scraper.config import load_config
from scraper.errors import InputError, StoreDownError
from scraper.store import ArticleQuery, open_store
from tests.archive.captures import capture
from tests.extraction.verdict_pages import article

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result


@pytest.fixture
def identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Result]) -> str:
    """A working directory with a store of one archived article; gives its id."""
    monkeypatch.chdir(tmp_path)
    with ArchiveWriter("archive", "harbour") as writer:
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        url = "https://harbour.example/a"
        writer.write(capture(1, url=url, headers=headers, payload=article().encode()))
    (name,) = Place("archive").names()
    run("import", f"archive/{name}")
    with open_store("sqlite:///news.db") as store:
        (stored,) = store.articles(ArticleQuery())
    return stored.id


def test_an_archived_page_is_given_and_explained_in_a_process_of_its_own(identity: str) -> None:
    captures = ArchivedCaptures(load_config(environ={}))
    with open_store("sqlite:///news.db") as store:
        assert captures.page(store, identity).content == article().encode()
        with pytest.raises(InputError, match="no such article"):
            captures.page(store, "0123456789abcdef")

    assert captures.explanation(identity)["judgement"]["kind"] == "article"
    with pytest.raises(InputError, match=r"^0123456789abcdef: the store has no such article"):
        captures.explanation("0123456789abcdef")


def test_what_takes_too_long_is_ended_and_who_asks_beside_two_others_is_sent_away(identity: str) -> None:
    captures = ArchivedCaptures(load_config(environ={}), seconds=0.01)
    with pytest.raises(InputError, match="takes longer than"):
        captures.explanation(identity)
    for _ in range(2):
        captures._turns.acquire()
    with pytest.raises(StoreDownError, match="try again in a moment"):
        captures.explanation(identity)
