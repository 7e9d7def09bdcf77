from __future__ import annotations

import gzip
import http.client
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.archive.fixtures import Address
from scraper.archive.server import Exchange, FixtureServer, serve
from scraper.archive.warc import ArchiveWriter
from tests.archive.captures import capture

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXTURES = Path(__file__).parents[2] / "fixtures"
HOST = "www.phuketgazette.net"
FERRIES = "/news/phuket/storm-warning-phi-phi-ferries/"


@pytest.fixture
def server() -> Iterator[FixtureServer]:
    with serve(FIXTURES) as running:
        yield running


def get(server: FixtureServer, target: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", target, headers=named)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def test_each_site_answers_under_its_own_host(server: FixtureServer) -> None:
    for host in (HOST, "www.france24.com", "www.derechos.org"):
        response, content = get(server, "/robots.txt", Host=host)
        assert (response.status, content[:1] != b"") == (200, True)
    assert get(server, "/robots.txt", Host="other.example")[0].status == 404


def test_a_request_as_to_a_proxy_names_the_host_itself(server: FixtureServer) -> None:
    response, content = get(server, f"http://{HOST}{FERRIES}")

    assert response.status == 200
    assert content == (FIXTURES / "phuket_gazette" / "ferries" / "page.html").read_bytes()


def test_the_bytes_are_served_as_kept_whatever_their_charset(server: FixtureServer) -> None:
    path = "/nizkor/arg/doc/santarosa2.html"
    response, content = get(server, path, Host="www.derechos.org")

    assert response.headers["Content-Type"] == "text/html"
    assert content == (FIXTURES / "nizkor" / "undeclared-windows-1252" / "page.html").read_bytes()
    assert "“I asked" in content.decode("cp1252")


def test_a_client_that_has_the_page_gets_304(server: FixtureServer) -> None:
    first, _ = get(server, FERRIES, Host=HOST)
    by_tag, content = get(server, FERRIES, Host=HOST, If_None_Match=first.headers["ETag"])
    by_date, _ = get(server, FERRIES, Host=HOST, If_Modified_Since=first.headers["Last-Modified"])
    other, _ = get(server, FERRIES, Host=HOST, If_None_Match='"other"')

    assert (by_tag.status, content, by_date.status, other.status) == (304, b"", 304, 200)


def test_the_answer_is_compressed_for_a_client_that_asks(server: FixtureServer) -> None:
    response, content = get(server, FERRIES, Host=HOST, Accept_Encoding="gzip, br")

    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(content) == get(server, FERRIES, Host=HOST)[1]


def test_an_edited_article_is_served_on_a_later_crawl() -> None:
    with serve(FIXTURES, later=True) as server:
        assert "lifted at 11:40am" in get(server, FERRIES, Host=HOST)[1].decode()


def test_an_archive_is_served_as_fixtures_are(tmp_path: Path) -> None:
    moved = capture(
        1, url="http://harbour.example/a", status=301, headers=(("Location", "https://harbour.example/a"),)
    )
    page = capture(2, url="https://harbour.example/a")
    with ArchiveWriter(str(tmp_path), "harbour") as writer:
        writer.write(moved)
        writer.write(page)
    with serve(tmp_path) as server:
        plain, _ = get(server, "http://harbour.example/a")
        secure, content = get(
            server, "http://harbour.example/a", X_Forwarded_Proto="https", Accept_Encoding="gzip"
        )

    assert (plain.status, plain.headers["Location"]) == (301, "https://harbour.example/a")
    assert (secure.status, secure.headers["X-Twice"], content) == (200, "1, 2", page.payload)


def test_the_server_remembers_what_was_asked(server: FixtureServer) -> None:
    get(server, "/robots.txt", Host=HOST)

    assert server.exchanges == [Exchange(Address(HOST, "/robots.txt"), 200)]
