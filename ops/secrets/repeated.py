"""The keys in which a password is repeated: URLs, and variables with the password alone."""

from urllib.parse import urlsplit

from ops.secrets import generated
from ops.secrets.wanted import Wanted
from ops.secrets.wanted_key import VALKEY_ACL, WantedKey
from railiance.names import DATABASE_URL, VALKEY_URL
from railiance.valkey_access import passwords_in, valkey_acl, valkey_url

FORMS = {
    DATABASE_URL: "a URL with a user",
    VALKEY_URL: "a URL with a password",
    VALKEY_ACL: f"`{valkey_acl(['PASSWORD'])}`",
}
"""What the value of a key must look like, so that its password can be found and changed."""


def made(wanted: Wanted, key: WantedKey, password: str) -> str:
    """The value of a key that repeats a password."""
    if key.kind == DATABASE_URL:
        return generated.database_url(wanted.role, password, wanted.host, wanted.database)
    if key.kind == VALKEY_URL:
        return valkey_url(wanted.app, password, key.number)
    return password


def changed(key: WantedKey, value: str, password: str) -> str:
    """The same value with another password; what else stands in a URL stays.

    Raises ValueError for a value that is no such URL.
    """
    if key.kind == DATABASE_URL and not urlsplit(value).username:
        raise ValueError("no address with a user")
    if key.kind in (DATABASE_URL, VALKEY_URL):
        return generated.with_password(value, password)
    return password


def is_for_database(url: str, number: int) -> bool:
    """Whether a Valkey URL states this database."""
    try:
        return urlsplit(url).path == f"/{number}"
    except ValueError:
        return False


def password_in(key: WantedKey, value: str) -> str:
    """The password in a key that holds or repeats one; ValueError if it is not there."""
    if key.kind == VALKEY_ACL:
        return passwords_in(value)[0]
    return generated.password_in(value) if key.kind in (DATABASE_URL, VALKEY_URL) else value


def has_password(key: WantedKey, value: str, password: str) -> bool:
    """Whether a value repeats this password."""
    try:
        return password_in(key, value) == password
    except ValueError:
        return False
