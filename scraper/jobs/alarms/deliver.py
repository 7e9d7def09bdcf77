"""Brings alarms to people: webhook, e-mail or a command; each message again until it arrives."""

from __future__ import annotations

import json
import smtplib
import ssl
import subprocess
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import structlog

from scraper.config import ALARM_KEYS
from scraper.errors import ConfigError
from scraper.jobs.posting import TIMEOUT, TRY_AGAIN_AFTER, post_json, try_to_send
from scraper.record import instant
from scraper.store.service.values import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from scraper.store.service.alarms import Delivery
    from scraper.store.service.service_store import ServiceStore

TEST = "test"
"""The event of a message that tells nothing but that it arrives; others are opened, closed …"""

log = structlog.get_logger("scraper.alarms")


class Channel(Protocol):
    """A road to people."""

    def send(self, event: str, alarm: Alarm, /) -> None:
        """Bring the message. Raises OSError, or SubprocessError for a command, if it did not arrive."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts the alarm as JSON."""

    url: str

    def send(self, event: str, alarm: Alarm, /) -> None:
        """Post it; any answer below 300 means that it arrived."""
        body = json.dumps(message(event, alarm), ensure_ascii=False).encode()
        post_json(self.url, body, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """Sends the alarm by SMTP."""

    to: str
    sender: str
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False

    def send(self, event: str, alarm: Alarm, /) -> None:
        """Hand it to the mail server."""
        mail = EmailMessage()
        mail["To"], mail["From"] = self.to, self.sender
        mail["Subject"] = f"{alarm.site}: {alarm.cause} ({event})"
        mail.set_content("\n".join(f"{name}: {value}" for name, value in message(event, alarm).items()))
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT) as server:
            if self.tls:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(mail)


@dataclass(frozen=True, slots=True)
class Command:
    """Runs a program with the alarm as JSON on its standard input."""

    arguments: tuple[str, ...]

    def send(self, event: str, alarm: Alarm, /) -> None:
        """Run the program; exit code 0 means that it arrived."""
        body = json.dumps(message(event, alarm), ensure_ascii=False).encode()
        subprocess.run(self.arguments, input=body, timeout=TIMEOUT, check=True, capture_output=True)  # noqa: S603


def message(event: str, alarm: Alarm) -> dict[str, Any]:
    """Return what is sent of an alarm."""
    return {
        "event": event,
        "site": alarm.site,
        "cause": alarm.cause,
        "signs": list(alarm.signs),
        "since": instant(alarm.since),
        "opened": instant(alarm.opened),
        "closed": instant(alarm.closed) if alarm.closed else None,
        "message": alarm.message,
        "example": alarm.example,
    }


def parse_channels(table: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Channel]:
    """Return the channels of the configuration's [alarms] table. Raises ConfigError.

    A password is never in the file: SCRAPER_SMTP_PASSWORD holds the one for e-mail, SCRAPER_WEBHOOK an
    address that is itself a secret.
    """
    if unknown := sorted(set(table) - set(ALARM_KEYS)):
        raise ConfigError(f"alarms: unknown key {', '.join(unknown)}; there are {', '.join(ALARM_KEYS)}")
    channels: dict[str, Channel] = {}
    if url := environ.get("SCRAPER_WEBHOOK") or table.get("webhook"):
        if not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"}:
            raise ConfigError("alarms: webhook must be an address that begins with http:// or https://")
        channels["webhook"] = Webhook(url)
    if email := table.get("email"):
        channels["email"] = _email(email, environ.get("SCRAPER_SMTP_PASSWORD", ""))
    if command := table.get("command"):
        if not isinstance(command, list) or not all(isinstance(part, str) for part in command):
            raise ConfigError('alarms: command must be a list of texts, such as ["notify-send", "news"]')
        channels["command"] = Command(tuple(command))
    return channels


def _email(table: Any, password: str) -> Email:  # noqa: ANN401 - whatever the file holds
    wanted = {"to": str, "from": str, "host": str, "port": int, "user": str, "tls": bool}
    if (
        not isinstance(table, dict)
        or not {"to", "from"} <= set(table) <= set(wanted)
        or not all(isinstance(value, wanted[name]) for name, value in table.items())
    ):
        raise ConfigError(
            'alarms: email must be a table such as {to = "desk@home.example", from = "scraper@home.example",'
            ' host = "mail.home.example", port = 587, user = "scraper", tls = true}'
        )
    rest = {name: value for name, value in table.items() if name != "from"}
    return Email(sender=table["from"], password=password, **rest)


def deliver_due(ledger: ServiceStore, channels: Mapping[str, Channel]) -> int:
    """Try each message that is due once; return how many arrived. A crawl never waits for this.

    After the last of TRY_AGAIN_AFTER a message is given up, and `scraper alarms` says so.
    """
    arrived = 0
    while True:
        now = ledger.runs.now()
        delivery = ledger.alarms.take_delivery(now, now + TRY_AGAIN_AFTER[0])
        if delivery is None:
            return arrived
        error = _send(delivery, channels)
        arrived += error is None
        due = None
        if error is not None and delivery.attempts <= len(TRY_AGAIN_AFTER):
            due = now + TRY_AGAIN_AFTER[delivery.attempts - 1]
        ledger.alarms.settle_delivery(delivery, due=due, error=error)


def send_test(channels: Mapping[str, Channel], now: datetime) -> Iterator[tuple[str, str | None]]:
    """Send a message of no site to each channel; yield its name and why it did not arrive, None if it did."""
    alarm = Alarm(
        site="none", signs=(), since=now, opened=now, cause="test", message="scraper alarms --test sent this"
    )
    for name, channel in channels.items():
        yield name, try_to_send(partial(channel.send, TEST, alarm))


def _send(delivery: Delivery, channels: Mapping[str, Channel]) -> str | None:
    """Return why the message did not arrive; None if it did."""
    channel = channels.get(delivery.channel)
    if channel is None:
        return "the channel is no longer configured"
    error = try_to_send(partial(channel.send, delivery.event, delivery.alarm))
    if error is not None:
        log.warning("message not delivered", channel=delivery.channel, attempt=delivery.attempts, error=error)
    return error
