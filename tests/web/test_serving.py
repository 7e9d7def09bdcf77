from __future__ import annotations

import socket
import urllib.request
from typing import TYPE_CHECKING

import pytest

from scraper.errors import ConfigError
from scraper.web.application import WebParts, make_application
from scraper.web.serving import Served

if TYPE_CHECKING:
    from scraper.web.readers import Readers


def test_pages_are_served_until_the_end(readers: Readers) -> None:
    with Served(make_application(WebParts(readers=readers)), "127.0.0.1", 0) as served:
        with urllib.request.urlopen(f"{served.address}articles", timeout=30) as answer:
            assert b"Articles" in answer.read()
            assert "server" not in answer.headers
        address = served.address
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address, timeout=30)


def test_a_port_that_is_taken_is_told(readers: Readers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"127.0.0.1:{port} cannot be listened on"):
            Served(make_application(WebParts(readers=readers)), "127.0.0.1", port)
