"""The application on a port, in a thread of its own: beside a supervisor, or alone."""

from __future__ import annotations

import logging
import socket
import threading
from typing import TYPE_CHECKING

import uvicorn

from scraper.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from starlette.types import ASGIApp

MOST_CONNECTIONS = 200
"""Requests at a time; more are told to come again."""
IDLE_CONNECTION = 15
"""Seconds that a connection is kept without a request."""
_ENDING = 10


class Served:
    """An application that answers while this context lasts."""

    def __init__(self, app: ASGIApp, host: str, port: int, trusted_proxies: Sequence[str] = ()) -> None:
        """Listen, and answer nothing yet. Raises ConfigError where that cannot be.

        What a proxy says of who asks, and whether by https, is believed of these addresses and networks.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._socket = socket.create_server((host, port), family=family)
        except OSError as error:
            raise ConfigError(
                f"{host}:{port} cannot be listened on: {error}; choose another --port"
            ) from error
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http="h11",
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level=logging.WARNING,
                access_log=False,
                server_header=False,
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=list(trusted_proxies),
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=IDLE_CONNECTION,
                timeout_graceful_shutdown=_ENDING,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="web", daemon=True
        )

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(2 * _ENDING)
        self._socket.close()
