"""Secret values that can be made here, and the address that they are part of."""

import secrets
import string
from urllib.parse import quote, unquote, urlsplit

PORT = 5432
PASSWORD_BYTES = 32
SECRET_KEY_LENGTH = 64
LETTERS = string.ascii_letters + string.digits
SECRET_KEY_LETTERS = string.ascii_lowercase + string.digits + "!@%^&*(-_=+)"
"""Django's own letters but two: django-environ takes a leading $ for another variable's name, and
shells and .env files take # for a comment."""


def secret_key() -> str:
    """A SECRET_KEY as Django's get_random_secret_key makes them, and longer."""
    return "".join(secrets.choice(SECRET_KEY_LETTERS) for _ in range(SECRET_KEY_LENGTH))


def text(length: int) -> str:
    """A text of letters and digits, which needs no quotes anywhere."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def password() -> str:
    """A password of 256 random bits."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def database_url(role: str, password: str, host: str, database: str) -> str:
    """The address of a PostgreSQL database; whatever role and password hold is percent-encoded."""
    return f"postgresql://{_encoded(role)}:{_encoded(password)}@{host}:{PORT}/{_encoded(database)}"


def with_password(url: str, password: str) -> str:
    """The same address with another password; ValueError if there is no place for one in it."""
    parts = urlsplit(url)
    if not parts.scheme or parts.username is None or parts.hostname is None:
        raise ValueError("no address with a password")
    _, _, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{parts.username}:{_encoded(password)}@{place}").geturl()


def password_in(url: str) -> str:
    """The password in an address; ValueError if there is none."""
    found = urlsplit(url).password
    if not found:
        raise ValueError("no password")
    return unquote(found)


def _encoded(text: str) -> str:
    return quote(text, safe="")
