from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scraper.archive.fixtures import Address, read_case, read_cases, read_replies
from scraper.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

URL = "http://news.example/lamps"


def keep(root: Path, case: str, *, text: bytes, fetched_at: str, url: str = URL) -> Path:
    folder = root / "example" / case
    folder.mkdir(parents=True)
    (folder / "page.html").write_bytes(text)
    meta = {
        "url": url,
        "status": 200,
        "headers": {"Content-Type": "text/html"},
        "fetched_at": fetched_at,
    }
    (folder / "meta.json").write_text(json.dumps(meta))
    (folder / "article.json").write_text(json.dumps({"kind": "article"}))
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    keep(tmp_path, "lamps", text=b"first", fetched_at="2014-06-01T08:00:00Z")
    keep(tmp_path, "lamps-edited", text=b"second", fetched_at="2014-06-02T08:00:00Z")
    for folder, text in (("_site", b"all"), ("_later", b"all and more")):
        (tmp_path / "example" / folder).mkdir()
        (tmp_path / "example" / folder / "sitemap.xml").write_bytes(text)
    (tmp_path / "example" / "_site" / "feed").mkdir()
    (tmp_path / "example" / "_site" / "feed" / "index.xml").write_bytes(b"feed")
    (tmp_path / "example" / "_site" / "index.html").write_bytes(b"home")
    return tmp_path


def test_every_case_is_read_with_its_site_and_name(root: Path) -> None:
    cases = read_cases(root)

    assert [(case.site, case.name) for case in cases] == [("example", "lamps"), ("example", "lamps-edited")]
    assert cases[0].page.content == b"first"
    assert cases[0].truth == {"kind": "article"}


def test_the_first_version_of_a_page_is_served_and_the_last_one_later(root: Path) -> None:
    address = Address.of(URL)

    assert read_replies(root)[address].content == b"first"
    assert read_replies(root, later=True)[address].content == b"second"


def test_the_files_beside_the_pages_are_served_under_their_path(root: Path) -> None:
    replies = read_replies(root)

    assert replies[Address("news.example", "/sitemap.xml")].content == b"all"
    assert replies[Address("news.example", "/")].content == b"home"
    assert replies[Address("news.example", "/feed/")].headers == {"Content-Type": "application/xml"}


def test_a_file_that_changes_later_is_served_later(root: Path) -> None:
    assert read_replies(root, later=True)[Address("news.example", "/sitemap.xml")].content == b"all and more"


def test_a_folder_without_its_parts_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is no fixture .* needs page\.html"):
        read_case(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder of fixtures"):
        read_cases(tmp_path / "nowhere")
