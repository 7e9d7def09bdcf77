from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from scraper.errors import ConfigError
from scraper.jobs.alarms import deliver
from scraper.jobs.alarms.deliver import Command, Email, Webhook, deliver_due, parse_channels
from scraper.jobs.posting import TRY_AGAIN_AFTER
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2031, 5, 2, 12, tzinfo=UTC)
QUIET = Alarm(site="paper", signs=("quiet",), since=NOW, opened=NOW, cause="less published", message="silent")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[ServiceStore]:
    with ServiceStore(f"sqlite:///{tmp_path}/news.db") as opened:
        yield opened


@pytest.fixture
def desk() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that takes webhooks: its address and what it got; the path /broken answers 500."""
    got: list[dict[str, Any]] = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if self.path == "/broken" else 204)
            self.end_headers()

        def log_message(self, *line: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Desk)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_gets_the_alarm_as_json(
    ledger: ServiceStore, desk: tuple[str, list[dict[str, Any]]]
) -> None:
    url, got = desk
    ledger.alarms.save(QUIET, ["webhook"], ledger.runs.now())
    assert deliver_due(ledger, {"webhook": Webhook(url)}) == 1
    assert deliver_due(ledger, {"webhook": Webhook(url)}) == 0
    (message,) = got
    assert (message["event"], message["site"], message["cause"]) == ("opened", "paper", "less published")


def test_a_message_is_tried_again_ever_later_and_given_up_at_last(
    ledger: ServiceStore, desk: tuple[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, got = desk
    ledger.alarms.save(QUIET, ["webhook"], ledger.runs.now())
    for attempt in range(10):
        later = NOW + timedelta(days=2 * attempt + 20000)
        monkeypatch.setattr("scraper.store.service.runs.clock", lambda _, later=later: later)
        assert deliver_due(ledger, {"webhook": Webhook(f"{url}/broken")}) == 0
    assert len(got) == len(TRY_AGAIN_AFTER) + 1
    ((channel, error),) = ledger.alarms.undelivered()
    assert channel == "webhook"
    assert "500" in error


def test_a_command_gets_the_alarm_on_its_standard_input(ledger: ServiceStore, tmp_path: Path) -> None:
    target = tmp_path / "message"
    program = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"
    ledger.alarms.save(QUIET, ["command"], ledger.runs.now())
    channel = Command((sys.executable, "-c", program, str(target)))
    assert deliver_due(ledger, {"command": channel}) == 1
    assert json.loads(target.read_text(encoding="utf-8"))["message"] == "silent"


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
        b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 308 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_a_webhook_that_answers_no_http_or_redirects_is_tried_again_and_stops_nothing(
    ledger: ServiceStore, desk: tuple[str, list[dict[str, Any]]], answer: bytes
) -> None:
    class Odd(StreamRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.wfile.write(answer)

    ledger.alarms.save(QUIET, ["odd", "webhook"], ledger.runs.now())
    with TCPServer(("127.0.0.1", 0), Odd) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        odd = Webhook(f"http://127.0.0.1:{server.server_address[1]}/hook")
        assert deliver_due(ledger, {"odd": odd, "webhook": Webhook(desk[0])}) == 1
        thread.join()
    assert len(desk[1]) == 1


class Post(StreamRequestHandler):
    """Speaks as much SMTP as one message takes."""

    got: ClassVar[list[str]] = []

    def handle(self) -> None:
        self._say("220 mail.home.test")
        while line := self.rfile.readline().decode():
            command = line[:4].upper()
            if command == "DATA":
                self._say("354 go on")
                while (line := self.rfile.readline().decode()) != ".\r\n":
                    self.got.append(line.rstrip())
            self._say("221 bye" if command == "QUIT" else "250 fine")
            if command == "QUIT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def test_an_email_names_site_and_cause_in_its_subject() -> None:
    with TCPServer(("127.0.0.1", 0), Post) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        port = server.server_address[1]
        Email(to="desk@home.test", sender="scraper@home.test", host="127.0.0.1", port=port).send(
            "opened", QUIET
        )
        thread.join()
    assert {"To: desk@home.test", "Subject: paper: less published (opened)"} <= set(Post.got)
    assert "message: silent" in Post.got


def test_a_mail_server_that_does_not_answer_is_tried_again(ledger: ServiceStore) -> None:
    ledger.alarms.save(QUIET, ["email"], ledger.runs.now())
    channel = Email(to="desk@home.test", sender="scraper@home.test", host="127.0.0.1", port=1)
    assert deliver_due(ledger, {"email": channel}) == 0
    assert ledger.alarms.undelivered() == []
    assert ledger.alarms.take_delivery(ledger.runs.now() + TRY_AGAIN_AFTER[0], NOW) is not None


def test_a_channel_that_is_gone_is_no_reason_to_stop(ledger: ServiceStore) -> None:
    ledger.alarms.save(QUIET, ["pigeon"], ledger.runs.now())
    assert deliver_due(ledger, {}) == 0


def test_channels_are_read_from_the_configuration_and_secrets_from_the_environment() -> None:
    table = {"email": {"to": "a@home.test", "from": "b@home.test"}, "command": ["notify"]}
    environ = {"SCRAPER_WEBHOOK": "https://chat.test/secret", "SCRAPER_SMTP_PASSWORD": "x"}
    assert parse_channels(table, environ) == {
        "webhook": Webhook("https://chat.test/secret"),
        "email": Email(to="a@home.test", sender="b@home.test", password="x"),
        "command": Command(("notify",)),
    }
    assert deliver.parse_channels({}, {}) == {}


@pytest.mark.parametrize(
    "table", [{"pigeon": 1}, {"webhook": "file:///etc"}, {"email": {"to": "x"}}, {"command": "rm"}]
)
def test_a_channel_that_is_wrong_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="alarms"):
        parse_channels(table, {})
