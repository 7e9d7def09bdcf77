"""A way to a database server that can be cut and mended."""

from __future__ import annotations

import getpass
import socket
import threading
from contextlib import suppress
from typing import Self

import sqlalchemy as sa

HOST = "127.0.0.1"


SECRET = "hidden"


class Proxy:
    """Stands before a database server; cut, it drops what is connected and refuses what comes."""

    def __init__(self, url: str) -> None:
        real = sa.make_url(url)
        self._target = (real.host or HOST, real.port or 5432)
        self._open: list[socket.socket] = []
        self._is_cut = False
        self._listener = socket.create_server((HOST, 0))
        port = self._listener.getsockname()[1]
        user = real.username or getpass.getuser()
        through = real.set(host=HOST, port=port, username=user, password=SECRET)
        self.url = through.render_as_string(hide_password=False)
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.cut()
        self._listener.close()

    def cut(self) -> None:
        self._is_cut = True
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def mend(self) -> None:
        self._is_cut = False

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._is_cut:
                    client.close()
                    continue
                server = socket.create_connection(self._target)
                self._open += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)
    source.close()
