"""The declaration of a host that an app has besides its main one."""

from typing import Annotated

from railiance import checks
from railiance.declaration import declaration

LONGEST = 190
"""Leaves room for the app's name in the name of the host's Ingress."""


@declaration
class AdditionalHost:
    """Another host of an app, served by it or redirected to its main host.

    It has a Certificate and an Ingress of its own, which are synced after those of the main host: a
    certificate that cannot be issued leaves the main host and the pods alone.
    """

    host: Annotated[str, checks.public_host]
    """The public host; it needs a DNS record like the main host."""
    redirect: bool = False
    """Redirect permanently to the main host, with path and query, instead of serving the app."""

    def validate(self) -> None:
        """The names of its objects contain the host."""
        if len(self.host) > LONGEST:
            raise ValueError(
                f"{self.host!r} has {len(self.host)} characters; give at most {LONGEST}"
            )

    @property
    def label(self) -> str:
        """The host in the names of its objects."""
        return self.host.replace(".", "-")

    @property
    def tls_secret_name(self) -> str:
        """The Secret that cert-manager stores its certificate in."""
        return f"{self.label}-tls"
