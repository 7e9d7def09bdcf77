from __future__ import annotations

import pytest

from scraper.extraction.article import extract_article
from scraper.model import Article, Page, Site
from scraper.restrictions import binding, restrictions

TEXT = "".join(
    f"<p>The ferry of quay {at} sailed at noon, said the harbour master of ward {at}.</p>" for at in range(9)
)


def names(*headers: str, head: str = "") -> list[str]:
    sent = [tuple(header.split(": ", 1)) for header in headers]
    found = restrictions([(name, value) for name, value in sent], f"<html><head>{head}</head><body>".encode())
    return [each.name for each in found]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("X-Robots-Tag: noindex", ["noindex"]),
        ("x-robots-tag: NoArchive, nofollow , NOAI", ["noarchive", "noai"]),
        ("X-Robots-Tag: none", ["noindex"]),
        ("X-Robots-Tag: nocache", ["noarchive"]),
        ("X-Robots-Tag: otherbot: noindex, noai", ["otherbot: noindex", "otherbot: noai"]),
        ("X-Robots-Tag: noarchive, otherbot: noai", ["noarchive", "otherbot: noai"]),
        ("X-Robots-Tag: news-scraper: noarchive", ["noarchive"]),
        ("X-Robots-Tag: unavailable_after: 25 Jun 2031 15:00:00 PST, noimageindex", ["noimageindex"]),
        ("X-Robots-Tag: max-snippet: 50, max-image-preview: large", []),
        ("X-Robots-Tag: all, index, follow", []),
        ("X-Robots-Tag: , : ,,:noai", ["noai"]),
        ("TDM-Reservation: 1", ["tdm-reservation"]),
        ("TDM-Reservation: 0", []),
        ("X-Robots-Tag: tdm-reservation", []),
    ],
)
def test_a_header_says_what_is_forbidden_and_to_whom(header: str, expected: list[str]) -> None:
    assert names(header) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<meta name='robots' content='noindex,noarchive'>", ["noindex", "noarchive"]),
        ('<META CONTENT="noai, noimageai" NAME="ROBOTS"/>', ["noai", "noimageai"]),
        ("<meta name=robots content=noarchive>", ["noarchive"]),
        ("<meta name=robots content='no&#97;i'>", ["noai"]),
        ("<meta name='otherbot' content='noarchive'>", ["otherbot: noarchive"]),
        ("<meta name='otherbot-news' content='noindex'>", ["otherbot-news: noindex"]),
        ("<meta name='news-scraper' content='noindex'>", ["noindex"]),
        ("<meta name='keywords' content='noai, robots'>", []),
        ("<!-- <meta name='robots' content='noai'> -->", []),
        ("<script>'<meta name=robots content=noai>'</script>", []),
        ("<title><meta name=robots content=noai></title>", []),
        (
            "<meta name='tdm-reservation' content='1'><meta name='tdm-policy' content='/p'>",
            ["tdm-reservation"],
        ),
        ("<meta name='robots' content='noai'><meta name='robots' content='noai'>", ["noai"]),
        ("<!-- no end <meta name='robots' content='noai'>", []),
    ],
)
def test_a_meta_says_what_is_forbidden_and_to_whom(head: str, expected: list[str]) -> None:
    assert names(head=head) == expected


def test_the_nearest_word_on_mining_holds() -> None:
    assert names("TDM-Reservation: 1", head="<meta name='tdm-reservation' content='0'>") == []
    assert names("TDM-Reservation: 0", head="<meta name='tdm-reservation' content='1'>") == [
        "tdm-reservation"
    ]


def test_what_is_said_to_another_robot_binds_only_that() -> None:
    found = restrictions([("X-Robots-Tag", "noai, otherbot: noarchive")])
    assert binding(found) == {"noai"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_metas_are_read_in_every_encoding(encoding: str) -> None:
    content = "<html><head><meta name='robots' content='noarchive'></head>".encode(encoding)
    assert [each.name for each in restrictions([], content)] == ["noarchive"]


def test_only_so_many_metas_are_read() -> None:
    filler = "<meta name='a' content='b'>" * 300
    assert names(head=filler + "<meta name='robots' content='noai'>") == []


def test_the_record_keeps_them_with_their_source() -> None:
    page = Page(
        url="https://harbour.test/2031/05/02/the-ferry-of-quay-one",
        content=f"<head><title>The ferry</title><meta name=robots content=noai></head><h1>The ferry</h1>{TEXT}".encode(),
        headers=(
            ("x-robots-tag", "noarchive"),
            ("tdm-reservation", "1"),
            ("tdm-policy", "https://harbour.test/p"),
        ),
    )
    article = extract_article(page, Site(name="harbour"))
    assert isinstance(article, Article)
    assert article.restrictions == ("noarchive", "noai", "tdm-reservation")
    assert article.provenance["restrictions"].source == "header:x-robots-tag"
    assert article.provenance["restrictions"].raw == "noarchive; noai; 1 https://harbour.test/p"
