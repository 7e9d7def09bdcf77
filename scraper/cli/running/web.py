"""scraper web: pages about what the store holds."""

from __future__ import annotations

import signal
import threading
from contextlib import closing, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from scraper.cli.context import opened_store, settings
from scraper.cli.running.service import answering
from scraper.errors import ConfigError
from scraper.jobs.job import parse_jobs, schedule_text
from scraper.jobs.schedule import next_due
from scraper.store.service.front_desk import FrontDesk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from starlette.routing import BaseRoute

    from scraper.cli.running.service import Service
    from scraper.config import Config
    from scraper.jobs.job import Job
    from scraper.store.service.values import Run
    from scraper.web.jobs import WebJob
    from scraper.web.serving import Served

WEB_PORT = 9465
WEB_EXTRA = "the pages need the extra web: pip install 'news-scraper[web]'"
log = structlog.get_logger("scraper.web")
_NEEDED = ("argon2", "jinja2", "starlette", "uvicorn")


def web(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(help="Where the pages answer; beyond this machine to those alone who log in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = WEB_PORT,
) -> None:
    """Show what the store holds as pages for a browser, until SIGTERM or Ctrl-C.

    As soon as there is an account (scraper accounts add) everybody logs in; without one they answer on this
    machine alone. Needs the extra web: pip install 'news-scraper[web]'. scraper serve shows them too, beside
    its crawls.

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

    if why_not := _lacking_account(config, host):
        raise ConfigError(why_not)
    with FrontDesk(config.store) as desk, closing(Readers(config.store)) as readers:
        parts = WebParts(
            readers=readers,
            desk=desk,
            must_login=bool(_is_asked_from_elsewhere(config, host)),
            names=config.web_names,
            captures=ArchivedCaptures(config),
            jobs=web_jobs(config),
            more=more,
        )
        if not is_loopback(host) and not config.web_trusted_proxies:
            log.warning("passwords are sent as they are: put a proxy with TLS before the pages", host=host)
        with Served(make_application(parts), host, port, config.web_trusted_proxies) as served:
            yield served


def web_jobs(config: Config) -> Sequence[WebJob]:
    """Return each job at each of its sites, as the pages know them. Raises ConfigError."""
    from scraper.crawl.addresses import site_name
    from scraper.web.jobs import WebJob

    def due_of(job: Job, site: str) -> Callable[[Sequence[Run], datetime], datetime | None]:
        def due(history: Sequence[Run], now: datetime) -> datetime | None:
            found = next_due(job.schedule, site, history, now)
            return found.at if found else None

        return due

    return [
        WebJob(
            name=job.name,
            site=site,
            source=site_name(site) if "://" in site else site,
            schedule=schedule_text(job.schedule),
            shards=job.parts,
            due=due_of(job, site),
        )
        for job in parse_jobs(config.jobs)
        for site in job.sites
    ]


def _is_asked_from_elsewhere(config: Config, host: str) -> str:
    """Return which setting says that others than this machine ask the pages; '' for none."""
    from scraper.web.guard import is_loopback

    if not is_loopback(host):
        return f"--host {host}"
    given = {"web_names": config.web_names, "web_trusted_proxies": config.web_trusted_proxies}
    return next((name for name, value in given.items() if value), "")


def _lacking_account(config: Config, host: str) -> str:
    """Return why pages cannot be shown without an account; '' where there is one, or none is needed."""
    why = _is_asked_from_elsewhere(config, host)
    if not why:
        return ""
    with FrontDesk(config.store) as desk:
        if desk.accounts.exist():
            return ""
    return (
        f"{why}: beyond this machine people log in, and there is no account: make one with"
        " scraper accounts add NAME"
    )


@contextmanager
def showing(config: Config, parts: Service, host: str, port: int) -> Iterator[None]:
    """Show pages beside /metrics and /healthz; where that cannot be, answer those two and log why."""
    why_not = _lacking_account(config, host) if has_web() else WEB_EXTRA
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
