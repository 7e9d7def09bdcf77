from __future__ import annotations

import base64
import json
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from scraper.errors import ConfigError
from scraper.jobs.change_webhook import (
    MOST_MESSAGE_BYTES,
    ChangeWebhook,
    deliver_changes,
    parse_change_webhook,
)
from scraper.jobs.posting import TRY_AGAIN_AFTER
from scraper.masking import masked
from scraper.store import open_store
from scraper.store.service.service_store import ServiceStore
from tests.store.values import article, verdict
from tests.waiting import PATIENCE, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = Path(__file__).parents[2] / "docs/reference/data.md"
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
LATER = datetime(2090, 1, 1, tzinfo=UTC)


@dataclass
class Reader:
    """A server that takes webhooks: what it got, and what it answers in turn; 204 when that ran out."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]

    @property
    def data(self) -> list[dict[str, Any]]:
        return [json.loads(body)["data"] for _, body in self.got]

    @property
    def webhook(self) -> ChangeWebhook:
        parsed = parse_change_webhook({"webhook": self.url, "secret": {"env": "KEPT"}}, {"KEPT": SECRET})
        assert parsed is not None
        return parsed


@pytest.fixture
def reader() -> Iterator[Reader]:
    found = Reader()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.answers.pop(0) if found.answers else 204)
            self.send_header("Location", f"{found.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()  # who follows a redirect is noticed

        def log_message(self, *line: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/news.db"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def ledger(database_url: str) -> Iterator[ServiceStore]:
    with ServiceStore(database_url) as opened:
        yield opened


def keep(url: str, *numbers: int, body: str | None = None) -> None:
    with open_store(url) as store, store.transaction():
        for number in numbers:
            kept = article(number)
            store.save(verdict(replace(kept, body=body) if body else kept))


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let it be so many hours after LATER."""

    def wait(hours: int) -> None:
        monkeypatch.setattr("scraper.store.service.runs.clock", lambda _: LATER + timedelta(hours=hours))

    return wait


def test_the_example_of_the_documentation_verifies_what_is_posted(
    ledger: ServiceStore, database_url: str, reader: Reader
) -> None:
    (example,) = re.findall(r"```python\n(.+?)```", DATA.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)
    keep(database_url, 1)
    assert deliver_changes(ledger, reader.webhook) == 1
    ((headers, body),) = reader.got
    assert names["verify"](SECRET, headers, body)
    two = headers | {"webhook-signature": f"v1,bm9uZQ== {headers['webhook-signature']}"}
    assert names["verify"](SECRET, two, body)
    assert not names["verify"](SECRET, headers, body.replace(b"Ferry", b"Fairy"))
    assert not names["verify"]("whsec_" + base64.b64encode(bytes(32)).decode(), headers, body)
    assert not names["verify"](SECRET, headers | {"webhook-id": "msg_other"}, body)
    later = str(int(headers["webhook-timestamp"]) + 1)
    assert not names["verify"](SECRET, headers | {"webhook-timestamp": later}, body)


def test_a_replay_of_ten_minutes_ago_is_refused_by_the_example(
    ledger: ServiceStore, database_url: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = re.findall(r"```python\n(.+?)```", DATA.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)
    keep(database_url, 1)
    ago = datetime.now(UTC) - timedelta(minutes=10)
    monkeypatch.setattr("scraper.store.service.runs.clock", lambda _: ago)
    assert deliver_changes(ledger, reader.webhook) == 1
    assert not names["verify"](SECRET, *reader.got[0])


def test_changes_arrive_in_their_order_each_message_going_on_after_the_one_before(
    ledger: ServiceStore, database_url: str, reader: Reader
) -> None:
    keep(database_url, *range(1, 231))
    assert deliver_changes(ledger, reader.webhook) == 3
    assert deliver_changes(ledger, reader.webhook) == 0
    told = [change["cursor"] for data in reader.data for change in data["changes"]]
    assert told == [change.cursor for change in ledger.changes.after(0)]
    assert [data["after"] for data in reader.data] == [0, *(data["cursor"] for data in reader.data[:-1])]
    assert len(set(reader.ids)) == 3
    keep(database_url, 300)
    assert deliver_changes(ledger, reader.webhook) == 1
    (change,) = reader.data[3]["changes"]
    assert (change["event"], change["record"]["title"]) == ("new", "Ferry 300 reaches the harbour")


@pytest.mark.parametrize("answer", [500, 429, 302, 307, 308, 404])
def test_what_was_refused_is_posted_once_more_under_its_id_and_nothing_before_it(
    ledger: ServiceStore, database_url: str, reader: Reader, wait: Callable[[int], None], answer: int
) -> None:
    reader.answers = [answer]
    wait(0)
    keep(database_url, 1, 2)
    assert deliver_changes(ledger, reader.webhook) == 0
    keep(database_url, 3)
    assert deliver_changes(ledger, reader.webhook) == 0
    assert len(reader.got) == 1
    assert str(answer) in (ledger.change_deliveries.trouble() or (0, ""))[1]
    wait(1)
    assert deliver_changes(ledger, reader.webhook) == 2
    first, again, rest = reader.got
    assert first[1] == again[1]
    assert first[0]["webhook-id"] == again[0]["webhook-id"] != rest[0]["webhook-id"]
    assert [len(data["changes"]) for data in reader.data] == [2, 2, 1]
    assert ledger.change_deliveries.trouble() is None


def test_no_message_is_given_up(
    ledger: ServiceStore, database_url: str, reader: Reader, wait: Callable[[int], None]
) -> None:
    keep(database_url, 1)
    reader.answers = [500] * (len(TRY_AGAIN_AFTER) + 3)
    for attempt in range(len(reader.answers)):
        wait(13 * attempt)
        assert deliver_changes(ledger, reader.webhook) == 0
    wait(1000)
    assert deliver_changes(ledger, reader.webhook) == 1
    assert len(set(reader.ids)) == 1


def test_one_killed_between_answer_and_cursor_is_followed_by_the_same_message(
    ledger: ServiceStore, database_url: str, reader: Reader, wait: Callable[[int], None]
) -> None:
    keep(database_url, 1, 2)
    program = """
import os, signal, sys
from scraper.jobs.change_webhook import deliver_changes, parse_change_webhook
from scraper.store.service.change_deliveries import ChangeDeliveries
from scraper.store.service.service_store import ServiceStore
ChangeDeliveries.arrived = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
webhook = parse_change_webhook({"webhook": sys.argv[2], "secret": {"env": "KEPT"}}, {"KEPT": sys.argv[3]})
with ServiceStore(sys.argv[1]) as ledger:
    deliver_changes(ledger, webhook)
"""
    command = [sys.executable, "-c", program, database_url, reader.url, SECRET]
    killed = subprocess.run(command, check=False, timeout=PATIENCE)
    assert killed.returncode == -signal.SIGKILL
    keep(database_url, 3)
    wait(1)
    assert deliver_changes(ledger, reader.webhook) == 2
    assert reader.ids[0] == reader.ids[1] != reader.ids[2]
    assert reader.got[0][1] == reader.got[1][1]


def test_two_processes_do_not_post_the_same_at_once(
    ledger: ServiceStore, database_url: str, wait: Callable[[int], None]
) -> None:
    keep(database_url, 1)
    wait(0)
    now = ledger.runs.now()
    later = now + timedelta(hours=1)
    with ServiceStore(database_url) as other:
        slow = ledger.change_deliveries.take(now, now + TRY_AGAIN_AFTER[0])
        assert slow is not None
        assert other.change_deliveries.take(now, now + TRY_AGAIN_AFTER[0]) is None
        fast = other.change_deliveries.take(later, later + TRY_AGAIN_AFTER[0])
        assert fast is not None
        message = other.change_deliveries.begin(fast, 1)
        assert message is not None
        assert ledger.change_deliveries.begin(slow, 1) is None
        other.change_deliveries.arrived(message, later)
        ledger.change_deliveries.failed(message, due=later, error="late")
        assert ledger.change_deliveries.trouble() is None
        assert ledger.change_deliveries.take(later, later) is None


def test_messages_are_bounded_and_what_is_larger_is_named(
    ledger: ServiceStore, database_url: str, reader: Reader
) -> None:
    keep(database_url, 1)
    keep(database_url, 2, body="x" * MOST_MESSAGE_BYTES)
    keep(database_url, 3, body="ü" * (MOST_MESSAGE_BYTES // 3))
    keep(database_url, 4, body="é" * (MOST_MESSAGE_BYTES // 3))
    keep(database_url, 5)
    deliver_changes(ledger, reader.webhook)
    assert all(len(body) <= MOST_MESSAGE_BYTES for _, body in reader.got)
    told = [change for data in reader.data for change in data["changes"]]
    assert [change["event"] for change in told] == ["new"] * 5
    assert [change["record"] is None for change in told] == [False, True, False, False, False]
    assert [change.get("too_large", False) for change in told] == [False, True, False, False, False]


def test_of_what_was_removed_meanwhile_nothing_is_told_again(
    ledger: ServiceStore, database_url: str, reader: Reader, wait: Callable[[int], None]
) -> None:
    reader.answers = [500]
    wait(0)
    keep(database_url, 1)
    deliver_changes(ledger, reader.webhook)
    with open_store(database_url) as store:
        store.forget(store.traces(url=article(1).canonical_url), reason="asked for", at=LATER)
    wait(1)
    deliver_changes(ledger, reader.webhook)
    events = [[(change["event"], change["record"]) for change in data["changes"]] for data in reader.data[1:]]
    assert events == [[], [("gone", None)]]


READER = "https://reader.example/"


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ({"webhook": READER}, "both are needed"),
        ({"webhook": READER, "secret": {"env": "KEPT"}, "more": 1}, "both are needed"),
        ({"webhook": "ftp://reader.example/", "secret": {"env": "KEPT"}}, "begins with http"),
        ({"webhook": "https://", "secret": {"env": "KEPT"}}, "begins with http"),
        ({"webhook": "https://[::1", "secret": {"env": "KEPT"}}, "begins with http"),
        ({"webhook": READER, "secret": SECRET}, "say where it stands"),
        ({"webhook": READER, "secret": {"env": "NONE"}}, "the environment has not"),
        ({"webhook": READER, "secret": {"file": "/none"}}, "cannot be read"),
        ({"webhook": READER, "secret": {"env": "SHORT"}}, "openssl rand"),
        ({"webhook": READER, "secret": {"env": "WORDS"}}, "openssl rand"),
    ],
)
def test_what_is_configured_wrongly_is_refused_without_its_secret(table: dict[str, Any], wanted: str) -> None:
    environ = {"KEPT": SECRET, "SHORT": "whsec_aHVzaA==", "WORDS": "correct horse battery staple hush"}
    with pytest.raises(ConfigError, match=wanted) as refused:
        parse_change_webhook(table, environ)
    assert not any(secret in str(refused.value) for secret in environ.values())


def test_a_secret_may_stand_in_a_file_and_is_masked_from_then_on(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    found = parse_change_webhook({"webhook": READER, "secret": {"file": str(tmp_path / "secret")}}, {})
    assert found == ChangeWebhook(READER, bytes(range(32)))
    assert "key" not in repr(found)
    assert SECRET not in masked(f"it is {SECRET}")
    assert parse_change_webhook({}, {}) is None


@pytest.mark.parametrize("command", ["run-due", "serve"])
@pytest.mark.system
def test_the_service_delivers(tmp_path: Path, reader: Reader, command: str) -> None:
    """Takes 8 s: the real service looks every 5 s."""
    (tmp_path / "scraper.toml").write_text(
        f'[jobs.gone]\nsites = ["http://127.0.0.1:1/"]\ncron = "0 0 29 2 *"\n'
        f'[changes]\nwebhook = "{reader.url}"\nsecret = {{file = "secret"}}\n'
    )
    (tmp_path / "secret").write_text(SECRET)
    keep(f"sqlite:///{tmp_path}/news.db", 1, 2)
    arguments = ["--port", "0"] if command == "serve" else []
    line = [sys.executable, "-m", "scraper", command, *arguments]
    with subprocess.Popen(line, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        if command == "serve":
            wait_for(lambda: reader.got or process.poll() is not None)
            process.terminate()
        errors = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode in {0, 1}, errors  # 1: the site of the job does not answer
    assert [len(data["changes"]) for data in reader.data] == [2]
    assert SECRET not in errors
