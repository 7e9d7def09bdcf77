"""A way to a server that can be cut: what goes on beyond it goes on, and nothing comes through."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

import sqlalchemy as sa

if TYPE_CHECKING:
    from types import TracebackType

_LOOK = 0.1
_CHUNK = 65536


class Proxy:
    """Hands on what goes to a server and back, until it is cut; a context manager."""

    def __init__(self, host: str, port: int) -> None:
        """Listen on a free port of loopback."""
        self._server = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._is_open = threading.Event()
        self._is_open.set()
        self._is_closed = False
        self._sockets: list[socket.socket] = []

    @classmethod
    def to(cls, url: str) -> tuple[Self, str]:
        """Return a way to a database, and the database's address by it."""
        parsed = sa.make_url(url)
        proxy = cls(parsed.host or "127.0.0.1", parsed.port or 5432)
        return proxy, parsed.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)

    def cut(self) -> None:
        """Let nothing through, and say so to nobody, as a network that is gone."""
        self._is_open.clear()

    def mend(self) -> None:
        """Let all through again."""
        self._is_open.set()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closed = True
        self._is_open.set()
        for each in (self._listener, *self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._is_open.wait()
            if self._is_closed:
                client.close()
                return
            server = socket.create_connection(self._server)
            self._sockets += [client, server]
            threading.Thread(target=self._join, args=(client, server), daemon=True).start()

    def _join(self, client: socket.socket, server: socket.socket) -> None:
        """Hand on until either side ends."""
        other = {client: server, server: client}
        with selectors.DefaultSelector() as selector, client, server, suppress(OSError, ValueError):
            for each, beyond in other.items():
                selector.register(each, selectors.EVENT_READ, beyond)
            while not self._is_closed:
                for key, _ in selector.select(_LOOK):
                    self._is_open.wait()
                    source = key.fileobj
                    assert isinstance(source, socket.socket)
                    received = source.recv(_CHUNK)
                    if not received:
                        return
                    key.data.sendall(received)
