"""Where the app's host is to be reached: by DNS, or at an address that the operator names."""

import socket
from dataclasses import dataclass

from ops.smoke.outcome import FailedError


@dataclass(frozen=True, kw_only=True)
class Place:
    """The address to connect to in the host's name, and its ports."""

    host: str
    address: str = ""
    """An IP address; empty to ask DNS."""
    https_port: int = 443
    http_port: int = 80

    @property
    def target(self) -> str:
        """What to connect to."""
        return self.address or self.host

    def connect(self, port: int, timeout_seconds: float) -> socket.socket:
        """A connection; FailedError if there is none."""
        try:
            return socket.create_connection((self.target, port), timeout_seconds)
        except socket.gaierror as error:
            raise FailedError(f"DNS has no address for {self.target}: {error.strerror}") from error
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise FailedError(f"{self.target} port {port} does not answer: {reason}") from error
