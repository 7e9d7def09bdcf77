"""Copies on the command line: batches, upkeep, clusters and differences."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from scraper.cli.app import app
from scraper.dedup.decide import decide
from scraper.dedup.diff import Change, changes_of
from scraper.dedup.shingle import sign
from scraper.model import ABSENT, Article, Verdict
from scraper.store import open_store
from tests.dedup.stories import article, story

if TYPE_CHECKING:
    from pathlib import Path

A, B = "https://a.example/1", "https://b.example/1"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/news.db"


def held(url: str, *articles: Article, blind: bool = False) -> list[str]:
    """Store the articles as judged, or as two processes that miss each other would: each of them new."""
    with open_store(url) as store:
        return [
            store.save(
                Verdict(article=made, signature=sign(made.body))
                if blind
                else decide(made, stored=store.find(made.canonical_url or ""), index=store.dedup)
            )
            for made in articles
        ]


def run(url: str, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["--store", url, *arguments])
    assert result.exit_code == code, result.output
    return result.stdout


def test_a_file_is_judged_and_its_working_database_goes(url: str, tmp_path: Path) -> None:
    rows = [{"id": name, "url": f"https://{name}.example/1", "body": "\n".join(story(1))} for name in "ab"]
    manifest, out = tmp_path / "m.jsonl", tmp_path / "out.jsonl"
    manifest.write_text("\n".join(map(json.dumps, rows)) + "\n{\n")
    run(url, "dedup", "--manifest", str(manifest), "--out", str(out), code=3)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert lines[0] == {"id": "a", "relation": None}
    assert (lines[1]["relation"]["to"], lines[1]["relation"]["score"]) == ("a", 1.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.jsonl", "out.jsonl"]


def test_sweep_relates_copies_that_slipped_through_and_then_finds_none(url: str) -> None:
    first, second = held(url, article(A, story(1)), article(B, story(1)[:6]), blind=True)
    assert run(url, "dedup", "sweep").split() == [second, "syndicated", first, "1.0"]
    assert run(url, "dedup", "sweep") == ""
    assert first in run(url, "cluster", second)


def test_sweep_lists_pages_that_only_a_frame_joined_and_frees_them(url: str) -> None:
    frame = story(400, 6)
    pages = [[*frame, *story(1, 2)], [*frame, *story(2, 2)], *([*frame[1:5], *story(n, 12)] for n in (3, 4))]
    first, second, *_ = held(url, *(article(f"https://a.example/{n}", page) for n, page in enumerate(pages)))
    result = CliRunner().invoke(app, ["--store", url, "dedup", "sweep"])
    assert result.stdout.split()[:3] == [second, "freed", first]
    assert "0 copies related, 1 wrongly joined articles freed, 0 moved with their story" in result.stderr


def test_a_rebuilt_index_finds_what_the_old_one_found(url: str) -> None:
    first, second = held(url, article(A, story(1)), article(A, [*story(1), "More."]))
    assert first == second
    assert (
        run(url, "dedup", "rebuild")
        == "2 texts are in the index; scraper dedup sweep settles their stories\n"
    )
    (copy,) = held(url, article(B, story(1)[:6]))
    with open_store(url) as store:
        found = store.find_by_id(store.find(B).id)  # type: ignore[union-attr]
        assert found is not None
        assert found.id == copy
        assert found.relation is not None
        assert found.relation.to == first


def test_a_cluster_shows_who_came_first_and_who_cut_what(url: str) -> None:
    full, cut = held(url, article(A, story(1, 10)), article(B, story(1, 10)[:5], published="2031-05-02"))
    rows = [json.loads(line) for line in run(url, "cluster", cut, "--json").splitlines()]
    assert [(row["id"], row["site"], row["relation"]) for row in rows] == [
        (full, "a.example", None),
        (cut, "b.example", "syndicated"),
    ]
    assert rows[0]["kept"] == 1.0
    assert rows[1]["kept"] == pytest.approx(0.5, abs=0.02)
    assert rows[1]["own"] == 0.0


def test_a_revision_shows_as_a_word_diff_and_says_when_it_is_silent(url: str) -> None:
    text = story(1, 3)
    first = article(A, text, provenance={"modified": ABSENT}, published="2031-05-01")
    changed = [text[0], text[1].replace(text[1].split()[3], "seven"), text[2], "Corrected."]
    (key, _) = held(url, first, replace(first, body="\n".join(changed)))
    shown = run(url, "diff", key)
    assert "silent edit" in shown
    assert f"[-{text[1].split()[3]}-] {{+seven+}}" in shown
    assert "{+Corrected.+}" in shown
    assert text[0] not in shown
    assert json.loads(run(url, "diff", key, "--json"))["silent_edit"] is True


def test_an_article_without_a_revision_or_origin_has_no_diff(url: str) -> None:
    (key,) = held(url, article(A, story(1)))
    result = CliRunner().invoke(app, ["--store", url, "diff", key])
    assert "one revision" in str(result.exception)


def test_paragraphs_that_moved_in_or_out_are_whole_changes() -> None:
    assert changes_of("one two three\nfour five", "zero\none two four") == (
        (Change(before="", after="zero"),),
        (Change(before="one two", after="one two"), Change(before="three", after="four")),
        (Change(before="four five", after=""),),
    )
