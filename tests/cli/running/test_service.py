from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.request
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.running.service import environment
from scraper.config import load_config
from scraper.fixtures.cases import ReplyAddress
from tests.crawl.site import article, html, path, serving, text
from tests.waiting import PATIENCE, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scraper.fixtures.cases import Reply

    Scraper = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.system

HOME = "http://127.0.0.1:1/"  # nothing answers there


@pytest.fixture
def scraper(tmp_path: Path) -> Scraper:
    """Run the command line in a folder of its own with one job for a site that does not answer."""
    (tmp_path / "scraper.toml").write_text(
        f'allowed_networks = ["127.0.0.0/8"]\n[jobs.gone]\nsites = ["{HOME}"]\nevery = "1h"\n'
    )

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "scraper", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    return run


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_site_that_is_down_ends_as_a_failed_run_that_is_tried_again(
    scraper: Scraper, tmp_path: Path
) -> None:
    """Takes 15 s: the real service tries a site again."""
    done = scraper("run-due", "--log-json", "--textfile", "scraper.prom")
    assert done.returncode == 1, done.stderr
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert {event["run"] for event in events if "run" in event} == {events[0]["run"]}
    (run,) = lines(scraper("runs", "--json"))
    assert (run["state"], run["may_pass"], run["id"]) == ("failed", True, events[0]["run"])
    assert "refused" in str(run["reason"])
    crawl = [json.loads(line) for line in Path(str(run["log"])).read_text(encoding="utf-8").splitlines()]
    assert {event["run"] for event in crawl} == {run["id"]}
    assert {"event", "level", "logger", "timestamp"} <= set(crawl[0])
    (job,) = lines(scraper("jobs", "--json"))
    assert (job["job"], job["site"], job["last"]) == ("gone", HOME, "failed")
    assert 'scraper_runs{state="failed"} 1.0' in (tmp_path / "scraper.prom").read_text(encoding="utf-8")


def test_a_paused_site_is_shown_as_such(scraper: Scraper) -> None:
    assert scraper("pause", HOME).returncode == 0
    assert [job["next"] for job in lines(scraper("jobs", "--json"))] == ["paused"]
    assert scraper("run-due").returncode == 0
    assert lines(scraper("runs", "--json")) == []
    assert scraper("resume", HOME).returncode == 0
    assert scraper("resume", HOME).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("cancel", "nonsense"), 1, "scraper runs"),
        (("worker",), 2, "PostgreSQL"),
        (("--store", "memory:", "run-due"), 2, "database"),
        (("coverage", "--since", "soon"), 2, "soon"),
    ],
)
def test_what_cannot_be_done_is_said(
    scraper: Scraper, arguments: tuple[str, ...], code: int, word: str
) -> None:
    done = scraper(*arguments)
    assert done.returncode == code
    assert word in done.stderr


def test_a_ledger_of_nothing_is_empty(scraper: Scraper) -> None:
    assert lines(scraper("coverage", "--json")) == []
    assert lines(scraper("alarms", "--json")) == []
    done = scraper("backfill")
    assert (done.returncode, done.stdout) == (0, "0 pages asked for, 0 announced pages still unfetched\n")


def test_a_service_shows_its_run_lets_it_be_cancelled_and_ends_when_asked(
    scraper: Scraper, tmp_path: Path
) -> None:
    """Takes 15 s: the real service is started, asked and ended."""
    with serving(paper(30)) as server, socket.create_server(("127.0.0.1", 0)) as free:
        write_job(tmp_path, server.port)
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "scraper", "serve", "--port", str(port)]
        with started(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as service:
            metrics = wait_for_word(
                lambda: said(port, "/metrics"), 'scraper_articles_total{site="127.0.0.1"}'
            )
            well = said(port, "/healthz")
            (run,) = lines(scraper("runs", "--json"))
            (worker,) = lines(scraper("workers", "--json"))
            assert (worker["runs"], worker["sites"]) == (1, run["site"])
            assert "0.0 runs a minute, the oldest waits 0 s" in scraper("workers").stderr
            cancelled = scraper("cancel", str(run["id"]))
            ended = wait_for_word(lambda: scraper("runs", "--json").stdout, "interrupted")
            service.terminate()
            assert service.wait(PATIENCE) == 0
    assert well == "ok\n"
    assert 'scraper_runs{state="running"} 1.0' in metrics
    assert run["state"] == "running"
    assert cancelled.stdout == f"{run['id']} is asked to end\n"
    assert json.loads(ended)["reason"] == "it was cancelled"


@contextmanager
def started(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Give a process that has ended when the block has: a failed assertion must not wait for it."""
    with subprocess.Popen(command, text=True, **options) as process:
        try:
            yield process
        finally:
            process.kill()


def said(port: int, path: str) -> str:
    """Return what the service answers; '' before it listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def wait_for_word(look: Callable[[], str], word: str) -> str:
    return wait_for(lambda: answer if word in (answer := look()) else "")


def paper(articles: int) -> dict[ReplyAddress, Reply]:
    """Return the replies of a site whose home page links to so many articles."""
    links = "".join(f"<p><a href='{path(at)}'>The news of quarter {at}</a></p>" for at in range(articles))
    replies = {"/": html(links), "/robots.txt": text(""), **{path(at): article(at) for at in range(articles)}}
    return {ReplyAddress("127.0.0.1", where): reply for where, reply in replies.items()}


def write_job(folder: Path, port: int, more: str = "") -> None:
    job = f'sites = ["http://127.0.0.1:{port}/"]\nevery = "1h"\n{more}'
    (folder / "scraper.toml").write_text(f'allowed_networks = ["127.0.0.0/8"]\n[jobs.paper]\n{job}')


def test_what_a_limited_run_left_is_shown_by_coverage_and_fetched_by_backfill(
    scraper: Scraper, tmp_path: Path
) -> None:
    """Takes 15 s: the real service runs two crawls."""
    with serving(paper(4)) as server:
        write_job(tmp_path, server.port, 'arguments = ["--limit", "2"]\n')
        assert scraper("run-due").returncode == 0
        (before,) = lines(scraper("coverage", "--json"))
        missed = scraper("backfill")
        asked = Counter(exchange.address.path for exchange in server.exchanges)
    (after,) = lines(scraper("coverage", "--json"))
    assert (before["announced"], before["stored"], after["stored"]) == ({"section": 4}, 2, 4)
    assert missed.stdout == "2 pages asked for, 0 announced pages still unfetched\n", missed.stderr
    assert missed.returncode == 0
    assert all(asked[path(at)] == 1 for at in range(4))
    backfilled, run = lines(scraper("runs", "--json"))
    assert (backfilled["job"], backfilled["site"]) == ("backfill", run["site"])
    assert scraper("coverage").stdout.split("\t")[:5] == ["127.0.0.1", "4 section", "4", "4", "█"]


def test_only_a_site_of_a_job_can_be_paused(scraper: Scraper) -> None:
    done = scraper("pause", "paper")
    assert done.returncode == 1
    assert "no job has the site paper" in done.stderr


def test_crawls_get_the_file_and_the_options_of_their_supervisor(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('archive = ""\n')
    found = environment(load_config(file, environ={}, given={"store": "sqlite:///own.db"}))
    assert (found["SCRAPER_CONFIG"], found["SCRAPER_STORE"]) == (str(file), "sqlite:///own.db")
    assert "SCRAPER_ARCHIVE" not in found


def test_a_job_of_a_site_that_nobody_knows_is_refused_when_it_is_read(
    scraper: Scraper, tmp_path: Path
) -> None:
    (tmp_path / "scraper.toml").write_text('[jobs.tribune]\nevery = "1h"\n')
    listed, checked = scraper("jobs"), scraper("doctor")
    assert (listed.returncode, checked.returncode) == (2, 1)
    told = "job tribune: no spider is called tribune: give an address, or one of france24, news"
    assert listed.stderr.startswith(f"scraper: {told}")
    assert f"problem\tconfiguration\t{told}" in checked.stdout


@pytest.mark.parametrize(("schedule", "told"), [
    ('cron = "5 * * * *"\nzone = "Europe/Atlantis"', 'zone = "Europe/Atlantis" is no time zone'),
    ('every = "1h"\nzone = "Europe/Paris"', "zone goes with cron"),
])  # fmt: skip
def test_a_job_of_a_wrong_zone_is_refused_when_it_is_read(
    scraper: Scraper, tmp_path: Path, schedule: str, told: str
) -> None:
    (tmp_path / "scraper.toml").write_text(f"[jobs.france24]\n{schedule}\n")
    listed, checked = scraper("jobs"), scraper("doctor")
    assert (listed.returncode, checked.returncode) == (2, 1)
    assert told in listed.stderr
    assert told in checked.stdout


def test_a_test_message_is_sent_to_each_channel_and_what_became_of_it_is_said(
    scraper: Scraper, tmp_path: Path
) -> None:
    assert "no channel is configured" in scraper("alarms", "--test").stderr
    keep = [sys.executable, "-c", "import sys; open('got.json', 'wb').write(sys.stdin.buffer.read())"]
    (tmp_path / "scraper.toml").write_text(f"[alarms]\ncommand = {json.dumps(keep)}\n")
    sent = scraper("alarms", "--test")
    assert (sent.returncode, sent.stdout) == (0, "command: arrived\n")
    assert json.loads((tmp_path / "got.json").read_text())["event"] == "test"
    (tmp_path / "scraper.toml").write_text('[alarms]\nwebhook = "http://127.0.0.1:1/hook"\n')
    sent = scraper("alarms", "--test")
    assert sent.returncode == 1
    assert "webhook: URLError" in sent.stdout
