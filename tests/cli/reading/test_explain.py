from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from scraper.archive.place import Place
from scraper.archive.warc import ArchiveWriter
from scraper.cli.app import app
from scraper.dedup.shingle import sign
from scraper.errors import ConfigError, InputError
from scraper.model import Verdict
from scraper.store import ArticleQuery, open_store
from tests.archive.captures import capture
from tests.extraction.verdict_pages import PARAGRAPHS, article, html

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

run = CliRunner()


def saved(folder: Path, markup: str) -> str:
    file = folder / "page.html"
    file.write_text(markup, encoding="utf-8")
    return str(file)


def test_the_terminal_shows_the_verdict_the_fields_and_each_block(tmp_path: Path) -> None:
    shown = run.invoke(app, ["explain", saved(tmp_path, article()), "--url", "https://news.example/a"])
    assert shown.exit_code == 0
    assert shown.stdout.startswith("article, confidence")
    assert f"{PARAGRAPHS[0]}\n" in shown.stdout
    assert "none found: " in shown.stdout
    assert "\x1b" not in shown.stdout


def test_text_that_looks_like_markup_or_escapes_is_shown_as_it_is(tmp_path: Path) -> None:
    strange = f"{PARAGRAPHS[0]} [bold red]not bold[/bold red] [/] \x9b31m end."
    shown = run.invoke(app, ["explain", saved(tmp_path, article().replace(PARAGRAPHS[0], strange))])
    assert shown.exit_code == 0
    assert "[bold red]not bold[/bold red] [/]" in shown.stdout
    assert "\x9b" not in shown.stdout


def test_json_is_one_object_and_html_is_written_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "why.html"
    shown = run.invoke(app, ["explain", saved(tmp_path, article()), "--json", "--html", str(out)])
    assert json.loads(shown.stdout)["judgement"]["kind"] == "article"
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_rejected_page_is_explained_and_standard_input_is_read() -> None:
    shown = run.invoke(app, ["explain", "-"], input=html("404 Not Found", "<h1>404 Not Found</h1>"))
    assert shown.exit_code == 0
    assert shown.stdout.startswith("refused: error, confidence")


def test_what_cannot_be_explained_says_what_to_do(tmp_path: Path) -> None:
    nowhere = ["--store", f"sqlite:///{tmp_path / 'none.db'}", "explain", "0123456789abcdef"]
    assert isinstance(run.invoke(app, nowhere).exception, InputError)
    assert not (tmp_path / "none.db").exists()
    assert isinstance(run.invoke(app, ["explain", "ftp://news.example/a"]).exception, ConfigError)
    assert isinstance(run.invoke(app, ["explain", str(tmp_path / "none.html")]).exception, InputError)
    page = saved(tmp_path, article())
    assert isinstance(run.invoke(app, ["explain", page, "--html", str(tmp_path)]).exception, InputError)
    assert isinstance(run.invoke(app, ["explain", page, "--site", "nowhere"]).exception, ConfigError)


def test_a_rejected_page_is_explained_from_the_archive_by_the_id_that_rejections_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pages = {
        "/gone": html("404 Not Found", "<h1>404 Not Found</h1><p>This page does not exist.</p>"),
        "/a": article(),
    }
    with ArchiveWriter("archive", "harbour") as writer:
        for number, (path, made) in enumerate(pages.items()):
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            url = f"https://harbour.example{path}"
            writer.write(capture(number, url=url, headers=headers, payload=made.encode()))
    (name,) = Place("archive").names()
    assert run.invoke(app, ["import", f"archive/{name}"]).exit_code == 0
    (rejected,) = map(json.loads, run.invoke(app, ["rejections", "--json"]).stdout.splitlines())

    shown = run.invoke(app, ["explain", rejected["id"]])
    (tmp_path / "archive" / name).unlink()
    gone = run.invoke(app, ["explain", rejected["id"]])

    assert shown.exit_code == 0
    assert shown.stdout.startswith("refused: error, confidence")
    assert rejected["detail"].split(";")[0] in shown.stdout
    assert name in str(gone.exception)


def test_an_article_is_not_explained_by_the_page_of_another_address_with_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ArchiveWriter("archive", "harbour") as writer:
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        url = "https://harbour.example/a"
        writer.write(capture(1, url=url, headers=headers, payload=article().encode()))
    (name,) = Place("archive").names()
    assert run.invoke(app, ["import", f"archive/{name}"]).exit_code == 0
    with open_store("sqlite:///news.db") as store, store.transaction():
        (stored,) = store.articles(ArticleQuery())
        other = replace(stored.article, canonical_url="https://harbour.example/other")
        copied = store.save(Verdict(article=other, signature=sign(other.body)))

    assert run.invoke(app, ["explain", stored.id]).exit_code == 0
    assert "is not archived" in str(run.invoke(app, ["explain", copied]).exception)
