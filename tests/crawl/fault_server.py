"""A server on loopback with one fault a host: what it sends, what a crawl must make of it, in how many tries."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
import zlib
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import urlsplit

import brotli
from backports import zstd

from tests.crawl.site import article, path

if TYPE_CHECKING:
    from collections.abc import Callable

DOMAIN = "fault.test"
TIMEOUT, MAXSIZE, TRIES = 4, 400_000, 3
"""What a crawl of these faults is set to."""
PATH = path(1)


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request, and the connection to answer it on."""

    host: str
    path: str
    headers: dict[str, str]
    connection: socket.socket
    number: int
    """Counted from 1, of this host and path."""

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.connection.sendall(part)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def wait(self, seconds: float = TIMEOUT + 1) -> None:
        time.sleep(seconds)


class Serve(Protocol):
    def __call__(self, asked: Asked, /) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    serve: Serve
    outcome: str
    """As in the fetch log: stored, rejected/<reason>, failed/<cause>."""
    tries: int
    """How often the page itself was asked for."""
    robots: Serve | None = None


FAULTS: dict[str, Fault] = {}


def page_of(host: str) -> bytes:
    """Return an article of its own for each host: a copy would be judged as one."""
    return article(1000 + list(FAULTS).index(host.partition(".")[0])).content


def head(
    status: str = "200 OK", length: int | None = None, *lines: str, kind: str = "text/html; charset=utf-8"
) -> bytes:
    own = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close"]
    own += [f"Content-Length: {length}"] if length is not None else []
    return "\r\n".join([*own, *lines, "", ""]).encode("latin-1")


def whole(
    asked: Asked, content: bytes, status: str = "200 OK", *lines: str, kind: str = "text/html; charset=utf-8"
) -> None:
    asked.send(head(status, len(content), *lines, kind=kind), content)


def good(asked: Asked) -> None:
    whole(asked, page_of(asked.host))


def allow_all(asked: Asked) -> None:
    whole(asked, b"User-agent: *\nDisallow: /private/\n", kind="text/plain")


def fault(outcome: str, tries: int = 1, *names: str) -> Callable[[Serve], Serve]:
    def add(serve: Serve) -> Serve:
        for name in names or (serve.__name__.replace("_", "-"),):  # type: ignore[attr-defined]
            FAULTS[name] = Fault(serve=serve, outcome=outcome, tries=tries)
        return serve

    return add


def robots(outcome: str, tries: int) -> Callable[[Serve], Serve]:
    def add(serve: Serve) -> Serve:
        name = "robots-" + serve.__name__.replace("_", "-")  # type: ignore[attr-defined]
        FAULTS[name] = Fault(serve=good, outcome=outcome, tries=tries, robots=serve)
        return serve

    return add


def label(asked: Asked) -> str:
    return asked.host.partition(".")[0]


def serve_fault(asked: Asked) -> None:
    """Answer with the fault that the host is named after."""
    found = FAULTS[label(asked)]
    is_robots = asked.path.startswith("/robots.txt")
    serve = (found.robots or allow_all) if is_robots else found.serve
    serve(asked)


@cache
def packed(coding: str, content: bytes) -> bytes:
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}
    return bytes(pack[coding](content))


class Serving(ThreadingTCPServer):
    """Answers from another thread while it is entered."""

    daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()


class FaultServer(Serving):
    """Answers as a proxy does, for every host below DOMAIN; keeps when each page was asked for."""

    allow_reuse_address = True
    request_queue_size = 200

    def __init__(self, serve: Serve) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.serve = serve
        self.asked: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.lock = threading.Lock()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the client hung up on a fault."""


class _Handler(StreamRequestHandler):
    server: FaultServer

    def handle(self) -> None:
        line = self.rfile.readline().decode("latin-1").split()
        if len(line) < 2:
            return
        headers = {}
        while (text := self.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        parts = urlsplit(line[1])
        host = parts.hostname or ""
        with self.server.lock:
            times = self.server.asked[host, parts.path]
            times.append(time.monotonic())
        asked = Asked(
            host=host, path=parts.path, headers=headers, connection=self.connection, number=len(times)
        )
        with suppress(OSError):
            self.server.serve(asked)
