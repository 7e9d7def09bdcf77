"""A server on loopback that answers for recorded sites, each under its own host name."""

from __future__ import annotations

import gzip
import hashlib
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.fixtures import Address, Reply
from scraper.archive.recording import read_recording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scraper.archive.recording import Recording

_MISSING = Reply(
    status=404,
    headers={"Content-Type": "text/html; charset=utf-8"},
    content=b"<!DOCTYPE html><title>404 Not Found</title><h1>Not Found</h1>",
)


_OF_THE_CONNECTION = {"content-length", "transfer-encoding", "connection", "keep-alive"}
"""Headers that are said anew for each answer."""


class Exchange(NamedTuple):
    """One request and the status of its answer."""

    address: Address
    status: int


class FixtureServer(ThreadingHTTPServer):
    """Serves a recording by address; a request may name its host as to a proxy or in its Host header.

    One that was https before it came here says so in X-Forwarded-Proto.
    """

    daemon_threads = True

    def __init__(self, recording: Recording) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.recording = recording
        self.exchanges: list[Exchange] = []

    @property
    def port(self) -> int:
        """The loopback port, chosen by the system."""
        return self.server_port


@contextmanager
def serve(root: Path, *, later: bool = False) -> Iterator[FixtureServer]:
    """Serve the fixture sites or the WARC files below the folder in a thread until the block ends."""
    with FixtureServer(read_recording(str(root), later=later)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FixtureServer

    def do_GET(self) -> None:
        """Answer with the page, or with 304 to a client that has it."""
        url = self.path if "://" in self.path else f"http://{self.headers.get('Host', '')}{self.path}"
        if self.headers.get("X-Forwarded-Proto") == "https":
            url = "https://" + url.partition("://")[2]
        address = Address.of(url)
        reply = self.server.recording.find(url) or _MISSING
        headers = _validators(reply) | dict(reply.headers)
        status = HTTPStatus.NOT_MODIFIED if self._is_known(headers) else reply.status
        self.server.exchanges.append(Exchange(address, status))
        content = b"" if status == HTTPStatus.NOT_MODIFIED else reply.content
        is_plain = not any(name.lower() == "content-encoding" for name in headers)
        if "gzip" in self.headers.get("Accept-Encoding", "") and content and is_plain:
            content = gzip.compress(content, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in _OF_THE_CONNECTION:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _is_known(self, headers: Mapping[str, str]) -> bool:
        """Tell whether the client has this version: an ETag decides alone where it was sent (RFC 9110)."""
        if tag := self.headers.get("If-None-Match"):
            return tag == headers.get("ETag")
        since = self.headers.get("If-Modified-Since")
        return since is not None and since == headers.get("Last-Modified")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server uses
        """Print nothing: the exchanges are kept by the server."""


def _validators(reply: Reply) -> dict[str, str]:
    if reply.status != HTTPStatus.OK:
        return {}
    return {"ETag": f'"{hashlib.sha256(reply.content).hexdigest()[:16]}"'}
