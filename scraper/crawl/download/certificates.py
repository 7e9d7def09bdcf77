"""A certificate that cannot be held against its host is refused."""

from __future__ import annotations

import ipaddress
import logging
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

if TYPE_CHECKING:
    from OpenSSL.crypto import X509
    from service_identity.hazmat import ServiceID

logger = logging.getLogger(__name__)


@implementer(IPolicyForHTTPS)
class StrictPolicy:
    """Another policy, which also refuses what an exception kept it from checking.

    Twisted 26.10 believes of any host a certificate that names none, or a name that cannot be read: as its
    callback catches the exception, the verdict on the chain alone stands.
    """

    def __init__(self, policy: Any) -> None:  # noqa: ANN401 - what Scrapy made of the settings
        """Ask the policy first."""
        self._policy = policy

    def creatorForNetloc(self, hostname: bytes, port: int) -> _StrictCreator:  # noqa: N802 - Twisted's
        """Return what makes connections to the host."""
        return _StrictCreator(self._policy.creatorForNetloc(hostname, port), hostname.decode("ascii"))


@implementer(IOpenSSLClientConnectionCreator)
class _StrictCreator:
    def __init__(self, creator: Any, host: str) -> None:  # noqa: ANN401 - Twisted's, of several types
        self._creator, self._host = creator, host

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:  # noqa: ANN401, N802 - Twisted's
        connection: SSL.Connection = self._creator.clientConnectionForTLS(protocol)
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self._is_true)
        return connection

    def _is_true(
        self, _connection: SSL.Connection, certificate: X509, _error: int, depth: int, ok: int
    ) -> bool:
        if not ok or depth:
            return bool(ok)
        try:
            verify_service_identity(extract_patterns(certificate), [_identity(self._host)], [])
        except Exception as error:  # noqa: BLE001 - whatever it is, the certificate was not verified
            logger.info("the certificate of %s is refused: %r", self._host, error)
            return False
        return True


def _identity(host: str) -> ServiceID:
    try:
        return IPAddress_ID(str(ipaddress.ip_address(host.strip("[]"))))
    except ValueError:
        return DNS_ID(host)
