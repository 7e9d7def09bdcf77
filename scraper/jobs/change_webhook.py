"""Posts changes of articles, signed, in their order; each message again until it arrives.

The signature is that of Standard Webhooks 1.0.0, https://www.standardwebhooks.com.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog

from scraper.config import CHANGES_KEYS, is_secret_place, read_secret
from scraper.errors import ConfigError
from scraper.export.formats import change_record
from scraper.jobs.posting import TRY_AGAIN_AFTER, post_json, try_to_send
from scraper.masking import hide
from scraper.record import to_json
from scraper.store.service.changes import CHANGES_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from scraper.store.service.change_deliveries import ChangeDelivery
    from scraper.store.service.service_store import ServiceStore

MOST_MESSAGE_BYTES = 1_000_000
"""Of a message: what servers take that were told nothing (nginx: 1 MiB)."""
_MOST_OF_CHANGES = MOST_MESSAGE_BYTES - 200
"""Without what stands around them."""
SECRET_PREFIX = "whsec_"  # noqa: S105 - what a secret begins with
_FEWEST_KEY_BYTES = 24

log = structlog.get_logger("scraper.changes")


@dataclass(frozen=True, slots=True)
class ChangeWebhook:
    """A server that gets the change feed."""

    url: str
    key: bytes = field(repr=False)

    def send(self, message: str, moment: datetime, body: bytes) -> None:
        """Post it, signed; any answer below 300 means that it arrived, any other raises OSError."""
        timestamp = str(int(moment.timestamp()))
        post_json(
            self.url,
            body,
            {
                "webhook-id": message,
                "webhook-timestamp": timestamp,
                "webhook-signature": signature(self.key, message, timestamp, body),
            },
        )


def signature(key: bytes, message: str, timestamp: str, body: bytes) -> str:
    """Return the header webhook-signature: HMAC-SHA256 over id, timestamp and body.

    >>> signature(b"k" * 24, "msg_1", "1700000000", b"{}")
    'v1,E3sCg9uS8x43RKlJqcda1EcaYZxNkN+l2u7RBZBSZQQ='
    """
    signed = b".".join((message.encode(), timestamp.encode(), body))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def parse_change_webhook(table: Mapping[str, Any], environ: Mapping[str, str]) -> ChangeWebhook | None:
    """Return the webhook of the configuration's [changes] table, its secret masked from now on in logs.

    None where there is no such table. Raises ConfigError.
    """
    if not table:
        return None
    if set(table) != set(CHANGES_KEYS):
        raise ConfigError(f"changes: there are the keys {' and '.join(CHANGES_KEYS)}, and both are needed")
    url, kept = table["webhook"], table["secret"]
    if not isinstance(url, str) or not _is_web_address(url):
        raise ConfigError("changes: webhook must be an address that begins with http:// or https://")
    if not is_secret_place(kept):
        raise ConfigError(
            'changes: secret must say where it stands: {env = "NEWS_WEBHOOK_SECRET"} or {file = "secret"}'
        )
    secret = read_secret("changes: secret", kept, environ)
    encoded = secret.removeprefix(SECRET_PREFIX)
    hide(secret, encoded)
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if len(key) < _FEWEST_KEY_BYTES:
        raise ConfigError(
            f"changes: secret must be {SECRET_PREFIX} and base64 of {_FEWEST_KEY_BYTES}+ random bytes; "
            f'echo "{SECRET_PREFIX}$(openssl rand -base64 32)" makes one'
        )
    return ChangeWebhook(url, key)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def deliver_changes(
    ledger: ServiceStore, webhook: ChangeWebhook, is_over: Callable[[], bool] = lambda: False
) -> int:
    """Post what is due until nothing is, or one message does not arrive; return how many arrived.

    No message is given up: what comes after it would leave a gap. One whose answer was lost is posted again
    under its id.
    """
    arrived = 0
    while not is_over():
        now = ledger.runs.now()
        delivery = ledger.change_deliveries.take(now, now + TRY_AGAIN_AFTER[0])
        if delivery is None:
            break
        body, until = _body(ledger, delivery)
        message = delivery.message or ledger.change_deliveries.begin(delivery, until)
        if message is None:
            break
        error = try_to_send(partial(webhook.send, message, now, body))
        if error is not None:
            log.warning(
                "changes not delivered", after=delivery.cursor, attempt=delivery.attempts, error=error
            )
            due = now + TRY_AGAIN_AFTER[min(delivery.attempts, len(TRY_AGAIN_AFTER)) - 1]
            ledger.change_deliveries.failed(message, due=due, error=error)
            break
        ledger.change_deliveries.arrived(message, now)
        arrived += 1
    return arrived


def _body(ledger: ServiceStore, delivery: ChangeDelivery) -> tuple[bytes, int]:
    """Return the message about what comes next, or came at an earlier attempt, and its last cursor."""
    lines: list[str] = []
    size, last = 0, delivery.cursor
    for change in islice(ledger.changes.after(delivery.cursor), CHANGES_AT_ONCE):
        if delivery.until is not None and change.cursor > delivery.until:
            break
        line = to_json(change_record(change))
        fits = size + len(line.encode()) < _MOST_OF_CHANGES
        if not fits and lines and delivery.until is None:
            break
        if not fits:  # alone, or grown since the earlier attempt
            line = to_json(change_record(replace(change, stored=None)) | {"too_large": True})
        lines.append(line)
        size, last = size + len(line.encode()) + 1, change.cursor
    until = delivery.until or last
    head = f'{{"type":"changes","data":{{"after":{delivery.cursor},"cursor":{until},"changes":['
    return f"{head}{','.join(lines)}]}}}}".encode(), until
