from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.errors import ConfigError, InputError
from scraper.record import article_id
from tests.cli.terminals import on_terminal
from tests.store.values import article, full_article

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

    Run = Callable[..., Result]


def lines(result: Result) -> list[Any]:
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_articles_are_listed_the_newest_first_with_tabs_between(news: str, run: Run) -> None:
    rows = [line.split("\t") for line in run("articles").stdout.splitlines()]
    assert [row[0] for row in rows] == [article_id(article(3)), article_id(article(2)), news]
    assert rows[0][1:] == [
        "2026-02-04T08:00:00Z",
        "gazette",
        "syndicated",
        "Ferry 3 reaches the harbour",
        "https://news.example/3",
    ]
    assert rows[2][3] == "new"


def test_on_a_terminal_an_article_is_one_line_of_80_columns_that_leads_to_its_page(news: str) -> None:
    shown = on_terminal(Path(), "articles")
    _, *rows = [line for line in shown.lines if line]
    assert len(rows) == 3
    assert max(map(len, rows)) <= 80
    assert rows[0].split(maxsplit=3) == [
        article_id(article(3)), "2026-02-04", "gazette", "Ferry 3 reaches the harbour (copy)",
    ]  # fmt: skip
    assert ";https://news.example/3\x1b" in shown.sent
    assert on_terminal(Path(), "articles", "--site", "nowhere").lines == [
        "no article was found: scraper sites tells what there is, scraper crawl SITE fetches more"
    ]


def test_no_page_moves_the_terminal(news: str, run: Run) -> None:
    shown = run("articles").stdout + run("rejections").stdout + run("show", article_id(article(2))).stdout
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold]now[/bold]" in shown


def test_articles_are_filtered(news: str, run: Run) -> None:
    def ids(*options: str) -> list[str]:
        return [row["id"] for row in lines(run("articles", "--json", *options))]

    assert ids("--site", "gazette") == [article_id(article(3))]
    assert ids("--language", "pt") == [article_id(article(2))]
    assert ids("--kind", "live_blog") == [news]
    assert ids("--since", "2026-02-03", "--until", "2026-02-03") == [article_id(article(2))]
    assert ids("--until", "2026-02", "--limit", "1") == [article_id(article(3))]
    assert ids("--search", "bridge") == [article_id(article(2))]
    with pytest.raises(ConfigError, match="wrong at character 1: this quotation mark has no end"):
        run("articles", "--search", '"')


def test_a_search_shows_where_each_article_answers_and_how_many_there_are(news: str, run: Run) -> None:
    found = run("articles", "--search", "ferries dawn -gazette", "--limit", "1")
    (row,) = [line.split("\t") for line in found.stdout.splitlines()]
    assert row[-1].startswith("The ferry number")
    assert "shown" in found.stderr
    (first, *_) = lines(run("articles", "--search", "ferries dawn", "--json"))
    assert first["hit"]["snippet"][slice(*first["hit"]["snippet_marks"][0])] == "ferry"
    assert first["title"][slice(*first["hit"]["title_marks"][0])] == "Ferry"
    shown = on_terminal(Path(), "articles", "--search", "ferries")
    assert "\x1b[1mFerry\x1b[0m" in shown.sent


def test_hits_are_counted_by_what_they_have_in_common(news: str, run: Run) -> None:
    rows = [line.split("\t") for line in run("articles", "--facets").stdout.splitlines()]
    assert ["site", "gazette", "1"] in rows
    (counted,) = lines(run("articles", "--facets", "--json", "--search", "site:gazette"))
    assert counted["count"] == 1
    assert counted["month"] == {"2026-02": 1}


def test_articles_like_one_are_listed_with_the_words_that_count(news: str, run: Run) -> None:
    found = run("articles", "--like", article_id(article(3)))
    assert f"{news}\t2026-02-02\tharbour" in found.stdout
    assert lines(run("articles", "--like", article_id(article(3)), "--json"))[0]["alike"]["words"]
    with pytest.raises(InputError, match="no such article"):
        run("articles", "--like", "0000")
    with pytest.raises(ConfigError, match="--like looks through the whole store"):
        run("articles", "--like", news, "--site", "gazette")


def test_the_search_index_is_made_of_what_is_stored(news: str, run: Run) -> None:
    assert run("reindex").stdout == "0 articles were added to the search index\n"


def test_an_article_is_shown_with_its_origins_and_its_text(news: str, run: Run) -> None:
    shown = run("show", news).stdout
    assert "Ferry 1 reaches the harbour   (json-ld)" in shown
    assert "1 of 1" in shown
    assert shown.endswith(f"\n\n{full_article().body}\n")
    assert run("show", "https://news.example/1?utm_source=x").stdout == shown
    assert lines(run("show", news, "--json"))[0]["authors"] == ["Ana Lima", "Bo Chen"]


def test_an_unknown_article_is_an_error_that_says_so(news: str, run: Run) -> None:
    with pytest.raises(InputError, match="0000: the store has no such article"):
        run("show", "0000")


def test_rejected_pages_are_listed_with_their_evidence(news: str, run: Run) -> None:
    rows = [line.split("\t") for line in run("rejections").stdout.splitlines()]
    assert re.fullmatch("[0-9a-f]{16}", rows[1][0])
    assert rows[1][1:] == [
        "2026-03-01T12:01:00Z",
        "harbour",
        "consent",
        "https://news.example/wall/1",
        "the page asks to accept cookies",
    ]
    assert [row["site"] for row in lines(run("rejections", "--json", "--site", "gazette"))] == ["gazette"]
    none = run("rejections", "--reason", "list")
    assert (none.stdout, none.stderr) == ("", "no such page was rejected\n")


def test_sites_are_counted(news: str, run: Run) -> None:
    assert run("sites").stdout.splitlines() == [
        "gazette\t1\t0\t0\t1\t1 consent\t0\t2026-03-01T12:03:00Z",
        "harbour\t2\t0\t0\t0\t1 consent\t0\t2026-03-01T12:02:00Z",
    ]
    assert lines(run("sites", "--json"))[1]["articles"] == 2


def test_a_wrong_date_or_kind_is_wrong_usage(news: str, run: Run) -> None:
    with pytest.raises(ConfigError, match="--since yesterday: write a day as"):
        run("articles", "--since", "yesterday")
    assert run("articles", "--kind", "poem").exit_code == 2
    assert run("articles", "--limit", "0").exit_code == 2


def test_reading_makes_no_database(news: str, run: Run) -> None:
    with pytest.raises(InputError, match=r"other\.db: there is no such database yet"):
        run("--store", "sqlite:///other.db", "articles")


@pytest.mark.parametrize("command", ["articles", "show", "rejections", "sites", "export", "config"])
def test_help_has_an_example(command: str, run: Run) -> None:
    assert (
        f"Example: scraper {command}" in run(command, "--help").stdout
        or "Example:" in run(command, "--help").stdout
    )


def test_a_reader_that_leaves_early_is_no_error(news: str) -> None:
    command = f"{sys.executable} -m scraper export | head -c 1"
    ended = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True)
    assert (ended.stdout, ended.stderr) == (b"{", b"")
