"""One key of a Secret that an app needs, and what its value is."""

from dataclasses import dataclass

from ops.secrets import registry_login
from railiance.names import (
    DATABASE_PASSWORD,
    DATABASE_URL,
    FALLBACKS,
    GENERATED,
    SECRET_KEY,
    VALKEY_PASSWORD,
    VALKEY_URL,
)

ROLE, ROLE_PASSWORD, VALKEY_ACL = "role", "role-password", "valkey-acl"
FILE, LOGIN, GIVEN = "file", "registry-login", "given"
"""Kinds of values beside those that an app's names state."""
REPEATED = {
    ROLE_PASSWORD: (DATABASE_URL, DATABASE_PASSWORD),
    VALKEY_ACL: (VALKEY_URL, VALKEY_PASSWORD),
}
"""The two kinds that hold a password, and the kinds that repeat it."""
_MAY_BE_GIVEN = (GIVEN, SECRET_KEY, FALLBACKS, GENERATED, ROLE_PASSWORD)


@dataclass(frozen=True, kw_only=True)
class WantedKey:
    """One key of a Secret."""

    secret: str
    name: str
    kind: str
    number: int = 0
    """The database of a Valkey URL, the length of a generated value."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of what an operator may give for it; none if it is made or is a file."""
        if self.kind == LOGIN:
            return registry_login.INPUTS
        return (self.name,) if self.kind in _MAY_BE_GIVEN else ()

    @property
    def must_be_given(self) -> bool:
        """Whether nothing but an operator's input can make it."""
        return self.kind in (GIVEN, LOGIN)

    @property
    def source(self) -> str:
        """The kind that holds the password which it repeats; empty if it repeats none."""
        return next((kind for kind, kinds in REPEATED.items() if self.kind in kinds), "")
