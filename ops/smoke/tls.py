"""The certificate that a host shows, judged as a browser judges it."""

import datetime
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.errors import UsageError
from ops.smoke.outcome import FailedError
from ops.smoke.place import Place


@dataclass(frozen=True)
class Certificate:
    """What a verified certificate says."""

    names: tuple[str, ...]
    issuer: str
    until: datetime.datetime

    @property
    def days_left(self) -> int:
        """Whole days until it expires."""
        return (self.until - datetime.datetime.now(datetime.UTC)).days


def trust(authority: Path | None) -> ssl.SSLContext:
    """Trusts the authorities of the system, and one more.

    Raises UsageError if that one's file cannot be used.
    """
    context = ssl.create_default_context()
    if authority:
        try:
            context.load_verify_locations(authority)
        except (OSError, ssl.SSLError) as error:
            problem = f"{authority}: no certificates in PEM form can be read there: {error}"
            raise UsageError(problem) from error
    return context


def certificate(
    place: Place, authority: Path | None, timeout_seconds: float, *, for_host: bool
) -> Certificate:
    """The certificate, once its chain has been verified, and its name if asked.

    Raises FailedError for one that a browser would refuse.
    """
    context = trust(authority)
    context.check_hostname = for_host
    connection = place.connect(place.https_port, timeout_seconds)
    try:
        with connection, context.wrap_socket(connection, server_hostname=place.host) as secured:
            return _read(secured.getpeercert() or {})
    except ssl.SSLCertVerificationError as error:
        raise FailedError(f"refused: {error.verify_message.rstrip('.')}") from error
    except OSError as error:
        raise FailedError(f"no TLS with {place.target}: {error.strerror or error}") from error


def _read(told: Any) -> Certificate:
    seconds = ssl.cert_time_to_seconds(told["notAfter"])
    issuer = {key: value for part in told["issuer"] for key, value in part}
    return Certificate(
        names=tuple(value for _, value in told.get("subjectAltName", ())),
        issuer=", ".join(issuer[k] for k in ("organizationName", "commonName") if k in issuer),
        until=datetime.datetime.fromtimestamp(seconds, datetime.UTC),
    )
