from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.archive.capture import Capture, Role, to_page
from scraper.archive.place import Place
from scraper.archive.reader import Found, Tally, read_captures
from scraper.archive.verify import Whole, verify_file
from scraper.crawl.rework import packing
from scraper.crawl.rework.importing import File
from scraper.crawl.rework.packing import Packer
from scraper.store import open_store
from scraper.store.protocol import Fetch, Outcome
from scraper.store.values import Traces

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    import pytest

    from scraper.store import Store

NOON = datetime(2031, 5, 2, 12, tzinfo=UTC)


def saved(number: int, url: str | None = None, **fields: object) -> Capture:
    given = {
        "url": url or f"https://paper.example/{number}",
        "fetched_at": NOON.replace(minute=number),
        "status": 200,
        "payload": f"<p>Page {number}".encode(),
        "role": Role.SAVED,
    }
    return Capture(**given | fields)  # type: ignore[arg-type]


def packed(store: Store, folder: Path, *pages: Capture, **given: object) -> tuple[list[str], Counter[str]]:
    packer = Packer(store=store, home=Place(str(folder)), **given)  # type: ignore[arg-type]
    return [file.name for file in packer.pack(pages, step=lambda _: None)], packer.counts


def captures(folder: Path, name: str) -> list[Capture]:
    with (folder / name).open("rb") as stream:
        return [found.capture for found in read_captures(stream, Tally())]


def archived(store: Store, page: Capture) -> None:
    read = to_page(page)
    with store.transaction():
        store.record_fetch(
            Fetch(
                url=read.requested or read.url or "",
                site="paper",
                fetched_at=page.fetched_at,
                outcome=Outcome.STORED,
                raw_sha256=read.raw_sha256,
                archived=(File(place=Place("x"), name="f", key="f").pointer(_found(page)),),
            )
        )


def _found(page: Capture) -> Found:
    return Found(capture=page, offset=0)


def test_pages_are_kept_in_order_of_time_with_what_was_said_of_them(tmp_path: Path) -> None:
    pages = [
        saved(3),
        saved(1, "file:///pages/a%20b.html", site="paper"),
        saved(2, role=Role.SAVED_TEXT, headers=(("Content-Type", "text/plain; charset=koi8-r"),)),
        saved(4, "https://paper.example/%C3%A4/ä?x=ü"),
    ]
    with open_store("memory:") as store:
        (name,), _ = packed(store, tmp_path, *pages)
    found = captures(tmp_path, name)

    assert [(each.url, each.role, each.site, each.payload) for each in found] == [
        (each.url, each.role, each.site, each.payload)
        for each in sorted(pages, key=lambda page: page.fetched_at)
    ]
    read = [to_page(each) for each in found]
    assert [(page.url, page.requested, page.is_text, page.content_type) for page in read[:2]] == [
        (None, "file:///pages/a%20b.html", False, "text/html"),
        ("https://paper.example/2", None, True, "text/plain; charset=koi8-r"),
    ]
    assert all(isinstance(each, Whole) for each in verify_file(Place(str(tmp_path)), name))


def test_a_second_run_finds_what_the_first_one_wrote(tmp_path: Path) -> None:
    with open_store("memory:") as store:
        first, _ = packed(store, tmp_path, saved(1), saved(2))
        again, _ = packed(store, tmp_path, saved(2), saved(1))
        other, _ = packed(store, tmp_path, saved(1), saved(2, site="paper"))

        assert first == again != other
        store.record_import(first[0], (tmp_path / first[0]).stat().st_size)
        assert packed(store, tmp_path, saved(1), saved(2)) == ([], {"known": 2})


def test_a_file_that_a_killed_run_began_is_written_anew(tmp_path: Path) -> None:
    with open_store("memory:") as store:
        (name,), _ = packed(store, tmp_path, saved(1))
        (tmp_path / name).rename(tmp_path / f"{name}.part")
        assert packed(store, tmp_path, saved(1))[0] == [name]
    assert len(captures(tmp_path, name)) == 1


def test_what_a_store_has_archived_is_not_archived_again(tmp_path: Path) -> None:
    nameless, moved = saved(3, "file:///a.html"), saved(3, "file:///elsewhere/b.html")
    with open_store("memory:") as store:
        archived(store, saved(1))
        archived(store, nameless)
        names, counts = packed(
            store, tmp_path, saved(1), saved(1, "https://other.example/1"), saved(2), moved
        )

    assert counts == {"known": 2}
    assert [each.url for each in captures(tmp_path, names[0])] == [
        "https://other.example/1",
        "https://paper.example/2",
    ]


def test_what_was_forgotten_or_forbids_it_is_not_kept(tmp_path: Path) -> None:
    forbids = saved(3, payload=b"<head><meta name=robots content=noarchive></head><p>Page")
    with open_store("memory:") as store:
        with store.transaction():
            urls = frozenset({"https://paper.example/1"})
            store.forget(Traces(urls=urls), reason="asked", at=NOON)
        assert packed(store, tmp_path, saved(1), forbids, excluded=("noarchive",)) == (
            [],
            {"passed/forgotten": 1, "passed/not to be kept": 1},
        )


def test_many_pages_become_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "PACKED_PAGES", 2)
    with open_store("memory:") as store:
        names, _ = packed(store, tmp_path, *(saved(number) for number in range(5)))
    assert [len(captures(tmp_path, name)) for name in names] == [2, 2, 1]
