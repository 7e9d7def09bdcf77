from __future__ import annotations

import gzip
import io
import json
import os
from dataclasses import replace
from functools import reduce
from operator import getitem
from typing import TYPE_CHECKING, Any

import pytest

from scraper.crawl.rework.records import RecordImporter
from scraper.dedup.shingle import sign
from scraper.errors import InputError
from scraper.export.formats import Format, change_record, stored_record, write_stream
from scraper.model import Provenance, Reason, RelationKind
from scraper.record import article_id, to_json, to_record
from scraper.store import ArticleQuery, RejectionQuery, Store, open_store
from scraper.store.service.service_store import ServiceStore
from scraper.text_blocks import BlockKind, TextBlock
from tests.store.values import article, copy_of, full_article, minutes, revision_of, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.model import ArticleId, Verdict

WORDS = "The harbour master said on {} that the {} ferry would sail again once its {} hull was mended and painted."


def text(number: int) -> str:
    return "\n".join(
        WORDS.format(f"day {number}{at}", number * 31 + at, ["north", "east", "south"][at]) for at in range(3)
    )


def exported(store: Store) -> str:
    stream = io.StringIO()
    write_stream(store.articles(ArticleQuery()), Format.JSONL, stream)
    return stream.getvalue()


def written(path: Path, *records: dict[str, Any] | str) -> Path:
    lines = (each if isinstance(each, str) else to_json(each) for each in records)
    path.write_text("".join(f"{line}\n" for line in lines))
    os.utime(path, (1_900_000_000, 1_900_000_000))
    return path


def taken(store: Store, path: Path) -> RecordImporter:
    importer = RecordImporter(store=store, sites={})
    importer.take(path, step=lambda _: None)
    return importer


def saved(store: Store, of: Verdict) -> ArticleId:
    return store.save(replace(of, signature=sign(of.article.body)))


def filled(url: str) -> Store:
    """A store with an article in every field, a copy of it elsewhere, a revised one and one that is gone."""
    store = open_store(url)
    with store.transaction():
        quoted = tuple(TextBlock(kind=BlockKind.QUOTE, text=line, group=1) for line in text(1).split("\n"))
        first = saved(store, verdict(replace(full_article(), body=text(1), blocks=quoted)))
        saved(store, verdict(article(2, site="gazette", body=text(1)), relation=copy_of(first)))
        saved(store, verdict(article(3, body=text(3))))
        saved(store, verdict(article(4, body=text(4), canonical_url=None, url=None)))
    with store.transaction():
        saved(store, revision_of(article(3, body=text(5), fetched_at=minutes(9)), 1))
        store.mark_gone("https://news.example/2", minutes(30))
    return store


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_an_export_gives_another_store_the_same_lines(tmp_path: Path, packed: str) -> None:
    with filled("memory:") as store:
        lines = exported(store)
    path = tmp_path / f"articles.jsonl{packed}"
    path.write_bytes(gzip.compress(lines.encode()) if packed else lines.encode())
    with open_store("memory:") as other:
        importer = taken(other, path)
        again = exported(other)
        assert sorted(again.splitlines()) == sorted(lines.splitlines())
        assert importer.counts["records"] == 4
        assert [each.id for each in other.articles(ArticleQuery(search="harbour master"))]
        assert taken(other, path).counts == {"records": 4, "known": 4}
        assert exported(other) == again


def test_the_change_feed_gives_another_database_the_same_bytes_and_revisions(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with filled(url) as store, ServiceStore(url) as service:
        lines = exported(store)
        changes = [change_record(change) for change in service.changes.after(0)]
    path = written(tmp_path / "changes.jsonl", *changes)
    with open_store(f"sqlite:///{tmp_path / 'b.db'}") as other:
        taken(other, path)
        assert exported(other) == lines
        revised = article_id(article(3))
        assert [each.article.body for each in other.revisions(revised)] == [text(3), text(5)]
        assert set(taken(other, path).counts) == {"records", "known"}


def test_copies_of_what_is_stored_join_its_story(tmp_path: Path) -> None:
    record = to_record(article(7, site="gazette", body=text(1)), content_hash="")
    with filled("memory:") as store:
        importer = taken(store, written(tmp_path / "a.jsonl", {**record, "id": "7.html"}))
        found = store.find("https://news.example/7")
        assert found is not None
        assert found.relation is not None
        assert found.relation.to == article_id(full_article())
        assert importer.counts == {"records": 1, "stored": 1, "syndicated": 1}


def test_what_is_older_than_what_is_stored_stays_out(tmp_path: Path) -> None:
    with filled("memory:") as store:
        before = exported(store)
        older = to_record(article(3, body=text(6), fetched_at=minutes(5)), content_hash="")
        importer = taken(store, written(tmp_path / "a.jsonl", older))
        assert importer.counts == {"records": 1, "passed/older": 1}
        assert exported(store) == before


def test_a_later_record_is_a_revision(tmp_path: Path) -> None:
    with filled("memory:") as store:
        later = to_record(article(3, body=text(6), fetched_at=minutes(50)), content_hash="")
        assert taken(store, written(tmp_path / "a.jsonl", later)).counts["revision"] == 1
        assert len(store.revisions(article_id(article(3)))) == 3


def test_a_record_of_others_needs_a_text_alone_and_says_where_its_fields_are_from(tmp_path: Path) -> None:
    record = {"url": "https://paper.example/a?utm_source=x", "title": "Ferry", "body": text(1), "views": 7}
    with open_store("memory:") as store:
        taken(store, written(tmp_path / "a.jsonl", record, {"body": text(2)}))
        first, second = (stored_record(each) for each in store.articles(ArticleQuery(newest_first=False)))
    named = first if first["url"] else second

    assert (named["canonical_url"], named["site"], named["fetched_at"]) == (
        "https://paper.example/a",
        "paper.example",
        "2030-03-17T17:46:40Z",
    )
    assert named["provenance"]["title"] == {"source": "record", "raw": None, "confidence": 1.0}
    assert named["extractor"].endswith("import of a record")
    assert "views" not in named


def test_pages_that_were_refused_are_refused_here_too(tmp_path: Path) -> None:
    told: dict[str, Any] = {
        "id": "a",
        "url": "https://paper.example/a",
        "site": "paper",
        "kind": "list",
        "body": "",
        "reason": "list",
    }
    told |= {"detail": "a list", "confidence": 0.9, "raw_sha256": "ab", "fetched_at": "2031-05-02T08:00:00Z"}
    unreadable = {"id": "b", "kind": None, "body": "", "reason": "unreadable", "detail": "m:2: not there"}
    path = written(tmp_path / "a.jsonl", told, unreadable)
    with open_store("memory:") as store:
        assert taken(store, path).counts == {"records": 2, "rejected/list": 1, "passed/nothing told": 1}
        assert taken(store, path).counts == {"records": 2, "known": 1, "passed/nothing told": 1}
        (rejection,) = store.rejections(RejectionQuery())
    assert (rejection.reason, rejection.detail, rejection.site) == (Reason.LIST, "a list", "paper")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nothing", "Expecting value"),
        ("[]", "not a JSON object"),
        ('{"title": "Ferry"}', "'body' is missing"),
        ('{"body": " "}', "without a text or a reason"),
        ('{"body": 7}', "'body' must be text"),
        ('{"body": "x", "authors": "Ada"}', "'authors' must be a list"),
        ('{"body": "x", "authors": [7]}', "'authors' must be text"),
        ('{"body": "x", "kind": "sermon"}', "'kind'"),
        ('{"body": "x", "kind": "list"}', "of the kind list"),
        ('{"body": "x", "credit": []}', "'credit' must be an object"),
        ('{"body": "x", "images": [{"caption": "a"}]}', "'images.url' is missing"),
        ('{"body": "x", "verdict": {"confidence": "high", "evidence": ""}}', "'verdict.confidence' must be a number"),
        ('{"body": "x", "verdict": {"confidence": true, "evidence": ""}}', "'verdict.confidence' must be a number"),
        ('{"body": "x", "provenance": {"title": "meta"}}', "'provenance.title' must be an object"),
        ('{"body": "x", "dateline": {"town": "a"}}', "'town' is unknown"),
        ('{"body": "x", "fetched_at": "noon"}', "'fetched_at'"),
        ('{"body": "x", "fetched_at": "2031-05-02T08:00:00"}', "must name its zone"),
        ('{"body": "x", "gone": 7}', "'gone' must be text"),
        ('{"body": "x", "relation": {"kind": "cousin", "to": "a", "score": 1}}', "'relation.kind'"),
        ('{"body": "x", "schema_version": 99}', "later version"),
        ('{"body": "", "reason": "boredom"}', "boredom"),
        ('{"body": "", "reason": "list", "confidence": "high"}', "'confidence' must be a number"),
        ("[" * 100_000, ""),
    ],
)  # fmt: skip
def test_what_is_no_record_costs_its_line_and_is_told(tmp_path: Path, line: str, said: str) -> None:
    path = written(tmp_path / "a.jsonl", line, "", {"body": text(1)})
    with open_store("memory:") as store:
        importer = taken(store, path)
        assert importer.counts == {"records": 2, "passed/no record": 1, "stored": 1}
        (fault,) = importer.faults
    assert fault.startswith(f"{path}:1: ")
    assert said in fault


def test_what_was_forgotten_does_not_come_back(tmp_path: Path) -> None:
    with filled("memory:") as store:
        path = written(tmp_path / "a.jsonl", *exported(store).splitlines())
        with store.transaction():
            store.forget(store.traces(url="https://news.example/3"), reason="asked", at=minutes(60))
        assert taken(store, path).counts["rejected/forgotten"] == 1
        assert store.find("https://news.example/3") is None


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(b"no gzip")
    with open_store("memory:") as store:
        for name in ("a.jsonl.gz", "none.jsonl"):
            with pytest.raises(InputError, match=f"{name}: cannot be read"):
                taken(store, tmp_path / name)


def test_origins_that_a_record_tells_stay(tmp_path: Path) -> None:
    told = replace(article(1), provenance={"title": Provenance(source="meta:og:title")})
    with open_store("memory:") as store:
        taken(store, written(tmp_path / "a.jsonl", to_record(told, content_hash="")))
        (stored,) = store.articles(ArticleQuery())
    assert stored.article == told
    assert stored.relation is None or stored.relation.kind is not RelationKind.REVISION


HOSTILE: tuple[Any, ...] = (
    *(None, "", "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "\ud800", "a\x00b"),
    *("http://[bad", "x" * 5_000, 0, -1, 1e308, True, [], {}, ["x"], [None], [{"url": "x"}], {"a": 1}),
)


def places(value: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to each value in a record."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*above, key)
        yield from places(item, (*above, key))


@pytest.mark.parametrize("removed", [False, True])
def test_whatever_stands_in_a_field_is_stored_or_told(tmp_path: Path, removed: bool) -> None:  # noqa: FBT001
    whole = {**to_record(full_article(), content_hash=""), "body": text(1)}
    lines: list[str] = []
    for number, where in enumerate(places(whole)):
        for value in HOSTILE[:1] if removed else HOSTILE[number % 4 :: 4]:
            record = json.loads(json.dumps({**whole, "url": f"https://a.example/{number}"}))
            record["canonical_url"] = f"https://a.example/{len(lines)}"
            *above, last = where
            holder = reduce(getitem, above, record)
            if removed:
                del holder[last]
            else:
                holder[last] = value
            lines.append(json.dumps(record))
    path = written(
        tmp_path / "a.jsonl", *lines, '{"body": "x", "verdict": {"confidence": NaN, "evidence": ""}}'
    )
    with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store:
        importer = taken(store, path)
        found = [stored_record(each) for each in store.articles(ArticleQuery())]
        assert importer.counts["records"] == len(lines) + 1
        assert importer.counts["passed/no record"] == len(importer.faults) > 5
        assert len(found) > len(lines) / 4
        again = taken(store, path).counts
        assert not set(again) - {"records", "known", "passed/no record", "passed/older"}


def test_a_later_export_tells_that_an_article_is_gone(tmp_path: Path) -> None:
    with open_store("memory:") as store:
        record = to_record(article(1, body=text(1)), content_hash="")
        taken(store, written(tmp_path / "a.jsonl", record))
        importer = taken(store, written(tmp_path / "b.jsonl", {**record, "gone": "2031-05-02T08:00:00Z"}))
        (stored,) = store.articles(ArticleQuery())
    assert importer.counts == {"records": 1, "known": 1}
    assert stored.gone is not None
