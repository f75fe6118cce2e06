"""Settings that load code or undo others, refused by declarations and by the gate."""

import re

from railiance.production import is_for_development

_LOADS_CODE = re.compile(
    r"PYTHON(?!UNBUFFERED$|DONTWRITEBYTECODE$|FAULTHANDLER$|UTF8$|HASHSEED$).*|LD_.*|PATH|BASH_ENV"
    r"|GCONV_PATH|OPENSSL_CONF|OPENSSL_MODULES|NODE_OPTIONS|PERL5.*|RUBYOPT|GIT_.*"
)
_REDIRECTS = re.compile(
    r"((HTTPS?|FTP|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|RES_OPTIONS"
    r"|LOCALDOMAIN|HOSTALIASES|AWS_CA_BUNDLE)",
    re.IGNORECASE,
)
_LIBPQ = re.compile(r"PG[A-Z]+")
GUNICORN = "GUNICORN_CMD_ARGS"
_GUNICORN_ARGUMENT = re.compile(r"--(graceful-)?timeout=[0-9]+")
_STAGE = re.compile(r"((DJANGO|APP)_)?(ENV|ENVIRONMENT|STAGE|CONFIGURATION)")
_FALSE = frozenset({"0", "f", "false", "n", "no", "off"})


def problem_of_name(name: str) -> str | None:
    """What a variable of this name does, whatever its value; None if it may be set."""
    if _LOADS_CODE.fullmatch(name):
        return "makes programs load other code; put the code into the image"
    if _REDIRECTS.fullmatch(name):
        return "sends the app's connections elsewhere, or trusts others with them"
    return None


def problem_of_value(name: str, value: str) -> str | None:
    """What a plain setting undoes; None if it may be set."""
    if name == GUNICORN:
        foreign = [word for word in value.split() if not _GUNICORN_ARGUMENT.fullmatch(word)]
        return f"has {foreign[0]}, which no app declares" if foreign else None
    if name.endswith("_ALLOWED_HOSTS") and "*" in value:
        return "has a wildcard, which accepts any host"
    if name.endswith("COOKIE_SECURE") and value.strip().lower() in _FALSE:
        return "lets the browser send the cookie without TLS"
    if _STAGE.fullmatch(name) and is_for_development(value):
        return "is for development; production runs with production settings only"
    return None


def problem_of(name: str, value: str) -> str | None:
    """What a plain setting does that none may; None if it may be set."""
    if _LIBPQ.fullmatch(name):
        return "changes how PostgreSQL's client connects; declare the database instead"
    return problem_of_name(name) or problem_of_value(name, value)
