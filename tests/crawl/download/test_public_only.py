"""Nothing inside the network is reached: counted by a server that listens there."""

from __future__ import annotations

import ipaddress
import multiprocessing
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from twisted.internet.error import DNSLookupError

from scraper.crawl.causes import cause_of
from scraper.crawl.download.public_only import PublicResolver, is_public, literal_address

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
    "127.0.0.1.", "0", "0.0.0.0", "①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1", "[::1]", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost",
    "127.255.255.254", "user:word@127.0.0.1", "[0:0:0:0:0:ffff:127.0.0.1]",
)  # fmt: skip
OUTSIDE = "127.0.0.2"
"""Stands for a public server, since the test allows it."""


class Counting(BaseHTTPRequestHandler):
    """Redirects, or names in robots.txt, the internal server; counts who asks for it."""

    hits: list[str]
    internal: int

    def do_GET(self) -> None:
        inside = self.connection.getsockname()[0] != OUTSIDE
        if inside:
            self.hits.append(f"{self.headers['Host']}{self.path}")
        goal = f"http://127.0.0.1:{self.internal}/secret"
        self.send_response(302 if self.path.startswith("/redirect") else 200)
        if self.path.startswith("/redirect"):
            self.send_header("Location", goal)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(f"User-agent: *\nSitemap: {goal}\n".encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def servers() -> Iterator[tuple[list[str], int, int]]:
    hits: list[str] = []
    internal = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    handler = type("Handler", (Counting,), {"hits": hits, "internal": internal.server_port})
    internal.RequestHandlerClass = handler
    outside = ThreadingHTTPServer((OUTSIDE, 0), handler)
    for server in (internal, outside):
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield hits, internal.server_port, outside.server_port
    for server in (internal, outside):
        server.shutdown()
        server.server_close()


class Asking(Spider):
    """Asks for addresses; leaves what came of each."""

    name = "asking"

    def __init__(self, *, urls: list[str], ends: dict[str, str]) -> None:
        super().__init__()
        self._urls, self._ends = urls, ends

    async def start(self) -> AsyncIterator[Request]:
        for url in self._urls:
            try:
                yield Request(
                    url, self.parse, errback=self.failed, cb_kwargs={"asked": url}, dont_filter=True
                )
            except ValueError as error:
                self._ends[url] = str(error)

    def parse(self, response: Response, asked: str) -> None:
        self._ends[asked] = str(response.status)

    def failed(self, failure: Failure) -> None:
        assert failure.value is not None
        self._ends[failure.request.cb_kwargs["asked"]] = cause_of(failure.value)  # type: ignore[attr-defined]


def _ask(sender: Any, urls: list[str], *, robots: bool) -> None:
    settings = Settings()
    settings.setmodule("scraper.settings")
    own = {"ADDONS": {}, "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "ROBOTSTXT_OBEY": robots,
           "RETRY_ENABLED": False, "LOG_ENABLED": False, "NEWS_ALLOWED_NETWORKS": [f"{OUTSIDE}/32"]}  # fmt: skip
    settings.update(own, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    ends: dict[str, str] = {}
    process.crawl(Asking, urls=urls, ends=ends)
    process.start()
    sender.send(ends)


def asked(urls: list[str], *, robots: bool = False) -> dict[str, str]:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_ask, args=(sender, urls), kwargs={"robots": robots})
    process.start()
    ends: dict[str, str] = receiver.recv()
    process.join()
    return ends


def test_no_spelling_and_no_redirect_reaches_the_internal_server(servers: tuple[list[str], int, int]) -> None:
    hits, internal, outside = servers
    spelled = [f"http://{host}:{internal}/{number}" for number, host in enumerate(SPELLINGS)]
    redirected = f"http://{OUTSIDE}:{outside}/redirect"
    allowed = f"http://{OUTSIDE}:{outside}/page"
    ends = asked([*spelled, redirected, allowed])
    assert hits == []
    assert ends.pop(allowed) == "200"
    assert set(ends) == {*spelled, redirected}
    assert not set(ends.values()) & {"200", "refused", "timeout", "connection"}, ends


def test_robots_of_an_internal_server_is_not_asked_for(servers: tuple[list[str], int, int]) -> None:
    hits, internal, outside = servers
    urls = [f"http://127.1:{internal}/page", f"http://{OUTSIDE}:{outside}/redirect/robots"]
    ends = asked(urls, robots=True)
    assert hits == []
    assert "200" not in ends.values()


@pytest.mark.parametrize("host", [host.rpartition("@")[2] for host in SPELLINGS if host != "localhost"])
def test_every_spelling_is_known_for_a_private_address(host: str) -> None:
    address = literal_address(host)
    assert address is not None
    assert not is_public(address)


@pytest.mark.parametrize(
    "text",
    ["10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1",
     "fc00::1", "fe80::1", "ff02::1", "2001:db8::1"],
)  # fmt: skip
def test_reserved_addresses_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "2606:4700::1111"])
def test_public_addresses_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("name", ["example.com", "1.example.com", "dead.beef", ""])
def test_a_name_is_no_address(name: str) -> None:
    assert literal_address(name) is None


def test_a_resolver_that_changes_its_answer_is_believed_only_while_it_is_public() -> None:
    resolver = PublicResolver.__new__(PublicResolver)
    assert resolver._checked("8.8.8.8", "rebinding.example.com") == "8.8.8.8"
    with pytest.raises(DNSLookupError, match=r"private address 127\.0\.0\.1"):
        resolver._checked("127.0.0.1", "rebinding.example.com")
