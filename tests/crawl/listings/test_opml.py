from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from scraper.crawl.listings.opml import ListedFeed, read_opml, write_opml
from scraper.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

LIST = """<?xml version="1.0" encoding="{encoding}"?>
<opml version="1.0"><head><title>Mine</title></head><body>
  <outline text="News"><outline text="Folder" title="Deeper">
    <outline type="rss" text="Der Köbes" title="" xmlUrl=" https://koebes.example/rss " htmlUrl="https://www.koebes.example/"/>
    <outline type="rss" TEXT="twice" XMLURL="https://koebes.example/rss"/>
  </outline></outline>
  <outline text="The &quot;Gull&quot;" xmlUrl="http://feeds.gull.example/all?a=1&amp;b=2" htmlUrl=""/>
  <outline text="no feed" htmlUrl="https://paper.example"/>
  <outline text="no web" xmlUrl="feed:paper"/>
</body></opml>"""
FEEDS = [
    ListedFeed(url="https://koebes.example/rss", title="Der Köbes", home="https://www.koebes.example/"),
    ListedFeed(url="http://feeds.gull.example/all?a=1&b=2", title='The "Gull"'),
]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_the_feeds_of_all_folders_are_read_once(encoding: str) -> None:
    assert read_opml(LIST.format(encoding=encoding).encode(encoding)) == FEEDS


@pytest.mark.parametrize(
    "broken",
    [
        LIST.format(encoding="utf-8").partition('  <outline text="no feed"')[0],  # cut
        LIST.format(encoding="utf-8").replace("&amp;", "&").replace("<head>", "<head>&nbsp;"),
        LIST.format(encoding="utf-8").replace("<opml ", '<opml xmlns="http://opml.org/spec2" '),
    ],
)  # fmt: skip
def test_broken_markup_is_read_as_far_as_it_goes(broken: str) -> None:
    assert [feed.url for feed in read_opml(broken.encode())][:1] == [FEEDS[0].url]


@pytest.mark.parametrize(
    "content", [b"", b"no markup", b"<opml><body/></opml>", b"\x00\x01", b"<html><p>x</html>"]
)
def test_what_names_no_feed_is_told(content: bytes) -> None:
    with pytest.raises(InputError):
        read_opml(content)


OUTLINE = '<opml><body><outline text="{}" xmlUrl="https://a.example/feed"/></body></opml>'


def test_no_entity_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush")
    entity = f'<!DOCTYPE opml [<!ENTITY a SYSTEM "file://{tmp_path / "secret"}">]>'
    assert [feed.title for feed in read_opml((entity + OUTLINE.format("Gull &a;")).encode())] == ["Gull"]


def test_entities_do_not_grow() -> None:
    grown = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise("bcdefghi"))
    with pytest.raises(InputError):
        read_opml(f'<!DOCTYPE opml [<!ENTITY b "bbbbbbbbbb">{grown}]>{OUTLINE.format("&i;")}'.encode())


def test_what_is_written_is_read_again() -> None:
    hostile = ListedFeed(url="https://c.example/?q=<&>\"'", title="a\x00b\x1b[31m\ud800 <b>")
    content = write_opml("Mine", [*FEEDS, hostile])
    assert read_opml(content) == [*FEEDS, ListedFeed(url=hostile.url, title="a b [31m  <b>")]
