"""What an image is called: registry, repository, tag and digest."""

import re
from dataclasses import dataclass

from ops.errors import OpsError

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    r"(?P<registry>(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+(?::[0-9]+)?|localhost(?::[0-9]+)?)"
    rf"/(?P<repository>{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)


@dataclass(frozen=True)
class Reference:
    """A name for an image, in the grammar of the OCI Distribution Specification 1.1, «Pull»."""

    registry: str
    """Host, with its port if that is not 443."""
    repository: str
    """The path on it."""
    tag: str = ""
    digest: str = ""

    @classmethod
    def parse(cls, text: str) -> "Reference":
        """The parts of a reference that names its registry; raises OpsError for any other."""
        found = _REFERENCE.fullmatch(text)
        if not found:
            raise OpsError(
                f"{text!r} is not an image reference; use one like "
                "'registry.example.org/team/app:tag'"
            )
        return cls(**found.groupdict(""))

    @property
    def name(self) -> str:
        """Registry and repository."""
        return f"{self.registry}/{self.repository}"

    def __str__(self) -> str:
        """The whole, as it stands in a pod."""
        tag, digest = self.tag and f":{self.tag}", self.digest and f"@{self.digest}"
        return f"{self.name}{tag}{digest}"
