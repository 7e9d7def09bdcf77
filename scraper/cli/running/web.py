"""scraper web: pages about what the store holds."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from scraper.cli.context import opened_store, settings
from scraper.cli.running.service import answering
from scraper.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.routing import BaseRoute

    from scraper.cli.running.service import Service
    from scraper.config import Config
    from scraper.web.serving import Served

WEB_EXTRA = "the pages need the extra web: pip install 'news-scraper[web]'"
_NEEDED = ("jinja2", "starlette", "uvicorn")


def web(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Where the pages answer: this machine alone.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 9465,
) -> None:
    """Show what the store holds as pages for a browser, until SIGTERM or Ctrl-C.

    Needs the extra web: pip install 'news-scraper[web]'. scraper serve shows them too, beside its crawls.

    Example: scraper web --port 8080
    """
    if not has_web():
        raise ConfigError(WEB_EXTRA)
    with opened_store(context):
        pass  # asks for the file to be there, and brings its tables up to date
    from scraper.web.application import health_route

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with serving_pages(settings(context), host, port, [health_route(lambda: True)]) as served:
        typer.echo(f"the pages are at {served.address}")
        ended.wait()


def has_web() -> bool:
    """Return whether the extra is installed."""
    return all(find_spec(name) is not None for name in _NEEDED)


@contextmanager
def serving_pages(config: Config, host: str, port: int, more: Sequence[BaseRoute]) -> Iterator[Served]:
    """Answer with pages and more in a thread. Raises ConfigError or StoreError."""
    from scraper.cli.running.captures import ArchivedCaptures
    from scraper.web.application import WebParts, make_application
    from scraper.web.guard import is_loopback
    from scraper.web.readers import Readers
    from scraper.web.serving import Served

    if not is_loopback(host):
        raise ConfigError(f"--host {host}: pages answer on this machine alone; give --host 127.0.0.1")
    readers = Readers(config.store)
    try:
        web_parts = WebParts(readers=readers, captures=ArchivedCaptures(config), more=more)
        with Served(make_application(web_parts), host, port) as served:
            yield served
    finally:
        readers.close()


def _why_no_pages(host: str) -> str:
    if not has_web():
        return WEB_EXTRA
    from scraper.web.guard import is_loopback

    return "" if is_loopback(host) else f"--host {host}: pages answer on this machine alone"


@contextmanager
def showing(config: Config, parts: Service, host: str, port: int) -> Iterator[None]:
    """Show pages beside /metrics and /healthz; where that cannot be, answer those two and log why."""
    log = structlog.get_logger("scraper.web")
    why_not = _why_no_pages(host)
    if why_not:
        log.info("no pages are shown", reason=why_not)
        with answering(parts, host, port, lambda: parts.supervisor.is_well):
            yield
        return
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

    from scraper.jobs.metrics import exposition
    from scraper.web.application import health_route, metrics_route

    more = [
        metrics_route(lambda: exposition(parts.ledger), CONTENT_TYPE_PLAIN_0_0_4),
        health_route(lambda: parts.supervisor.is_well),
    ]
    with serving_pages(config, host, port, more) as served:
        log.info("pages are shown", address=served.address)
        yield
