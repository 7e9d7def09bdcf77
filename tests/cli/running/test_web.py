from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from scraper.cli.running import web as module
from scraper.config import Config
from scraper.errors import ConfigError, InputError
from scraper.store import open_store
from scraper.store.service.front_desk import FrontDesk
from tests.cli.running.test_service import paper, said, started, wait_for_word, write_job
from tests.crawl.site import serving
from tests.store.values import article, verdict
from tests.waiting import PATIENCE
from tests.web.visitors import OPERATOR, PASSWORD, add_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result


def test_a_store_that_is_not_there_is_told(run: Callable[..., Result], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such database yet"):
        run("--store", f"sqlite:///{tmp_path}/none.db", "web")


def test_without_the_extra_it_is_named(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "has_web", lambda: False)
    with pytest.raises(ConfigError, match=r"pip install 'news-scraper\[web\]'"):
        run("web")


@pytest.mark.system
def test_pages_answer_until_they_are_asked_to_end(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/news.db") as store:
        store.save(verdict(article(1)))
    command = [sys.executable, "-m", "scraper", "web", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with started(command, cwd=tmp_path, stdout=subprocess.PIPE, env=environment) as pages:
        assert pages.stdout is not None
        address = pages.stdout.readline().split()[-1]
        port = int(address.rsplit(":", 1)[1].strip("/"))
        assert "Ferry 1" in said(port, "/articles")
        assert said(port, "/healthz") == "ok\n"
        taken = subprocess.run(
            [*command[:-1], str(port)], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        pages.send_signal(signal.SIGTERM)
        assert pages.wait(PATIENCE) == 0
    assert taken.returncode == 2
    assert "choose another --port" in taken.stderr


@pytest.mark.system
def test_a_service_shows_pages_beside_its_metrics_and_does_what_is_wished_there(tmp_path: Path) -> None:
    """Takes 15 s: the real service crawls twice."""
    with serving(paper(2)) as server, socket.create_server(("127.0.0.1", 0)) as free:
        write_job(tmp_path, server.port)
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "scraper", "serve", "--port", str(port)]
        with started(command, cwd=tmp_path, stderr=subprocess.PIPE) as service:
            wait_for_word(lambda: said(port, "/metrics"), 'scraper_articles_total{site="127.0.0.1"} 2.0')
            assert "quarter 1" in said(port, "/articles")
            assert said(port, "/healthz") == "ok\n"
            wait_for_word(lambda: said(port, "/api/v1/runs"), '"state":"succeeded"')
            wish = {"kind": "crawl", "job": "paper", "site": f"http://127.0.0.1:{server.port}/"}
            told = httpx.post(f"http://127.0.0.1:{port}/api/v1/wishes", json=wish).json()
            wait_for_word(lambda: said(port, f"/api/v1/wishes/{told['id']}"), '"state":"succeeded"')
            service.terminate()
            _, logged = service.communicate(timeout=PATIENCE)
    assert "pages are shown" in logged
    assert service.returncode == 0


@pytest.mark.system
def test_without_the_extra_a_service_answers_metrics_and_names_it_once(tmp_path: Path) -> None:
    """Takes 5 s: the real service starts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "scraper.toml").write_text(
        '[jobs.gone]\nsites = ["http://127.0.0.1:1/"]\ncron = "0 0 1 1 *"\n'
    )
    lacking = (
        "import sys, scraper.cli.running.web as web; web.has_web = lambda: False;"
        f" sys.argv = ['scraper', 'serve', '--port', '{port}'];"
        " from scraper.cli import main; main()"
    )
    with started([sys.executable, "-c", lacking], cwd=tmp_path, stderr=subprocess.PIPE) as service:
        wait_for_word(lambda: said(port, "/metrics"), "scraper_runs")
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/articles", timeout=10)
        service.terminate()
        _, told = service.communicate(timeout=PATIENCE)
    assert told.count("news-scraper[web]") == 1


@pytest.mark.parametrize(
    ("arguments", "settings", "named"),
    [
        (["--host", "0.0.0.0"], "", "--host 0.0.0.0"),
        ([], 'web_names = ["news.example"]', "web_names"),
        ([], 'web_trusted_proxies = ["127.0.0.1"]', "web_trusted_proxies"),
    ],
)
def test_beyond_this_machine_nothing_is_shown_without_an_account(
    news: str, run: Callable[..., Result], arguments: list[str], settings: str, named: str
) -> None:
    Path("scraper.toml").write_text(settings)
    with pytest.raises(ConfigError, match=f"{named}: .*scraper accounts add NAME"):
        run("web", "--port", "0", *arguments)


def test_who_is_let_in_behind_a_proxy_is_told_by_the_proxy_that_is_trusted_alone(
    news: str,
) -> None:
    url = f"sqlite:///{Path('news.db').absolute()}"
    with FrontDesk(url) as desk:
        add_people(desk)
    for trusted, cookie in (("127.0.0.1", "__Host-scraper="), ("192.0.2.1", "scraper=")):
        config = Config(store=url, web_names=("news.example",), web_trusted_proxies=(trusted,))
        with module.serving_pages(config, "127.0.0.1", 0, []) as served, httpx.Client() as client:
            headers = {"host": "news.example", "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https"}
            page = client.get(served.address, headers=headers)
            assert (page.status_code, page.headers["location"]) == (303, "/login")
            form = {"name": OPERATOR, "password": PASSWORD}
            let_in = client.post(f"{served.address}login", data=form, headers=headers)
        assert let_in.headers["set-cookie"].startswith(cookie)
