"""Only a true certificate is believed: a crawl over https of a server for each fault of TLS."""

from __future__ import annotations

import ssl
import warnings
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from socketserver import BaseRequestHandler
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scraper import settings as own
from scraper.crawl.pages.accounts import unaccounted
from scraper.store import open_store
from scraper.urls import canonical_url
from tests.crawl.fault_server import DOMAIN, Serving, head
from tests.crawl.once import made_once
from tests.crawl.site import article, path, start

if TYPE_CHECKING:
    import socket
    from pathlib import Path

pytestmark = pytest.mark.system

TIMEOUT, TRIES = 4, 3
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Fault:
    outcome: str
    tries: int = 1
    names: str | None = None
    """Which the certificate is for; None: its host's."""
    begin: timedelta = -DAY
    end: timedelta = DAY
    issuer: str = "ours"
    newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
    instead: str = ""
    """What the server does instead of a handshake."""


FAULTS = {
    "good": Fault(outcome="stored"),
    "good-for-all-names-below": Fault(outcome="stored", names="*.fault.test"),
    "for-all-names-two-below": Fault(outcome="failed/tls", names="*.test"),
    "for-no-name": Fault(outcome="failed/tls", names=""),
    "for-an-address": Fault(outcome="failed/tls", names="127.0.0.1"),
    "for-another-host": Fault(outcome="failed/tls", names="other.test"),
    "expired": Fault(outcome="failed/tls", begin=-2 * DAY, end=-DAY),
    "not-yet-valid": Fault(outcome="failed/tls", begin=DAY, end=2 * DAY),
    "self-signed": Fault(outcome="failed/tls", issuer="itself"),
    "unknown-issuer": Fault(outcome="failed/tls", issuer="others"),
    "tls-1-1": Fault(outcome="failed/tls", newest=ssl.TLSVersion.TLSv1_1),
    "plain-http": Fault(outcome="failed/tls", instead="plain"),
    "cut-handshake": Fault(outcome="failed/connection", tries=TRIES, instead="close"),
    "silent-handshake": Fault(outcome="failed/timeout", tries=TRIES, instead="wait"),
}
NAMES = list(FAULTS)
SETTINGS = {
    "DOWNLOAD_HANDLERS": own.DOWNLOAD_HANDLERS,
    "TWISTED_DNS_RESOLVER": "tests.crawl.resolver.ScriptedResolver",
    "NEWS_ALLOWED_NETWORKS": ["127.0.0.0/8"],
    "ROBOTSTXT_OBEY": False,
    "DOWNLOAD_TIMEOUT": TIMEOUT,
    "NEWS_BACKOFF": 0.05,
    "LOG_LEVEL": "ERROR",
}


def address(name: str, port: int) -> str:
    return f"https://{name}.{DOMAIN}:{port}{path(1)}"


class Authority:
    """Signs certificates."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        unsigned = _unsigned(self._name, self._name, self._key, -DAY, DAY)
        constraint = x509.BasicConstraints(ca=True, path_length=None)
        signed = unsigned.add_extension(constraint, critical=True).sign(self._key, hashes.SHA256())
        self.certificate = signed.public_bytes(serialization.Encoding.PEM)

    def issue(self, host: str, fault: Fault, file: Path) -> Path:
        """Return the file, into which a key and its certificate were written."""
        names = host if fault.names is None else fault.names
        key, subject = ec.generate_private_key(ec.SECP256R1()), _named(host)
        issuer, signer = (subject, key) if fault.issuer == "itself" else (self._name, self._key)
        unsigned = _unsigned(subject, issuer, key, fault.begin, fault.end)
        if names:
            is_address = names[0].isdigit()
            name = x509.IPAddress(ip_address(names)) if is_address else x509.DNSName(names)
            unsigned = unsigned.add_extension(x509.SubjectAlternativeName([name]), critical=False)
        signed = unsigned.sign(signer, hashes.SHA256())
        form, open_to_all = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        pem = key.private_bytes(serialization.Encoding.PEM, form, open_to_all)
        file.write_bytes(pem + signed.public_bytes(serialization.Encoding.PEM))
        return file


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _unsigned(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begin: timedelta, end: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now + begin,
        not_valid_after=now + end,
    )


class Server(Serving):
    """Counts its connections and answers with one article."""

    def __init__(self, fault: Fault, number: int, certificate: Path) -> None:
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with warnings.catch_warnings(action="ignore"):  # of old versions
            self.tls.maximum_version = fault.newest
        self.tls.load_cert_chain(certificate)
        self.fault, self.content, self.connections = fault, article(number).content, 0
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseRequestHandler):
    server: Server
    request: socket.socket

    def handle(self) -> None:
        self.server.connections += 1
        answer = head(length=len(self.server.content)) + self.server.content
        with suppress(OSError):
            if self.server.fault.instead == "plain":
                self.request.recv(100)
                self.request.sendall(answer)
            elif self.server.fault.instead == "wait":
                self.request.settimeout(TIMEOUT + 1)
                while self.request.recv(4096):
                    pass
            elif not self.server.fault.instead:
                with self.server.tls.wrap_socket(self.request, server_side=True) as secure:
                    secure.recv(4096)
                    secure.sendall(answer)


def crawl_all(folder: Path) -> dict[str, Any]:
    ours, others = Authority("Ours"), Authority("Others")
    (folder / "trusted.pem").write_bytes(ours.certificate)
    with ExitStack() as stack:
        servers = {}
        for number, (name, fault) in enumerate(FAULTS.items()):
            authority = others if fault.issuer == "others" else ours
            server = Server(fault, number, authority.issue(f"{name}.{DOMAIN}", fault, folder / f"{name}.pem"))
            servers[name] = stack.enter_context(server)
        urls = {name: address(name, each.server_address[1]) for name, each in servers.items()}
        settings = {**SETTINGS, "ENVIRON": {"SSL_CERT_FILE": str(folder / "trusted.pem")}}
        target, asked = f"https://{DOMAIN}/", ",".join(urls.values())
        started = start(1, folder / "tls.db", target, settings, urls=asked)
        ended = started.receiver.recv()
        started.process.join()
    with open_store(f"sqlite:///{folder}/tls.db") as store:
        made = {name: store.fetches(canonical_url(url)) for name, url in urls.items()}
    return {
        "counts": dict(ended.counts),
        "tries": {name: server.connections for name, server in servers.items()},
        "logged": {
            name: ["/".join(filter(None, (each.outcome.value, each.reason))) for each in fetches]
            for name, fetches in made.items()
        },
    }


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one crawl came to, for the tests in every process that runs some of them; takes 15 s of waits."""
    found: dict[str, Any] = made_once(tmp_path_factory, "tls", crawl_all)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_of_tls_has_its_outcome_and_its_number_of_tries(crawled: dict[str, Any], name: str) -> None:
    fault = FAULTS[name]
    assert (crawled["logged"][name], crawled["tries"][name]) == ([fault.outcome], fault.tries)


def test_every_page_has_exactly_one_end(crawled: dict[str, Any]) -> None:
    counts = crawled["counts"]
    assert counts["announced"] == len(NAMES)
    assert counts["failed/tls"] == sum(fault.outcome == "failed/tls" for fault in FAULTS.values())
    assert (counts["fetched"], counts["stored"]) == (2, 2)
    assert unaccounted({f"news/{name}": number for name, number in counts.items()}) == 0
