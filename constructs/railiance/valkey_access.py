"""How an app's pods log in to its Valkey: by a password file that it reads, and in URLs."""

import re
from collections.abc import Sequence

from railiance.valkey import PORT, host

PASSWORD_FILE = "password.conf"  # noqa: S105 (the name of a file)
"""The key of the Secret that has the name of its host: the ACL of Valkey's default user."""
PASSWORD_FOLDER = "/etc/valkey"  # noqa: S105 (the name of a folder)
_RULES = "user default on ~* &* +@all"
_ACL = re.compile(rf"{re.escape(_RULES)}((?: >[A-Za-z0-9_-]+)+)\s*", re.ASCII)


def valkey_url(app_name: str, password: str, database: int) -> str:
    """The URL of one of its databases."""
    return f"redis://:{password}@{host(app_name)}:{PORT}/{database}"


def valkey_acl(passwords: Sequence[str]) -> str:
    """The line of its configuration that accepts any of these passwords.

    They consist of letters, digits, `_` and `-`, which need quotes neither there nor in a URL.
    Source: Valkey, "ACL".
    """
    return " ".join([_RULES, *(f">{password}" for password in passwords)])


def passwords_in(line: str) -> list[str]:
    """The passwords of such a line, in its order; ValueError if it is another."""
    match = _ACL.fullmatch(line)
    if not match:
        raise ValueError("no ACL of the default user")
    return [word.removeprefix(">") for word in match[1].split()]
