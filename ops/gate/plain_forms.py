"""The forms in which people write secrets down, beside those that gitleaks knows."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ops.gate.plausible_secrets import Strength, strength
from railiance.plaintext import holds_secret


@dataclass(frozen=True)
class Context:
    """What a file is, as its name shows."""

    least: Strength
    """What a value must look like at least."""
    is_code: bool
    """Whether only quoted texts are values."""


@dataclass(frozen=True)
class Form:
    """One way to write a secret down."""

    words: tuple[str, ...]
    """What a line has in it, in lower case, if it has this form."""
    find: Callable[[str, Context], Iterator[str]]
    """A description of each secret in a line; never the secret itself."""
    in_code: bool = True


_NAME = r"(?P<name>[A-Za-z_][\w.-]*)"
_VALUE = (
    r"(?:\"(?P<double>[^\"\n]+)\"|'(?P<single>[^'\n]+)'|`(?P<tick>[^`\n]+)`|(?P<bare>[^\s\"'`]+))"
)
_ASSIGNMENT = re.compile(
    rf"{_NAME}[\"'`\]*]*[ \t]*(?::=|=>|==?|:)[ \t]*(?:[bfru]{{0,2}}(?=[\"']))?{_VALUE}"
)
_DOCKER = re.compile(rf"^\s*(?:ENV|ARG)\s+{_NAME}\s+{_VALUE}")
_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]*://(?P<user>[^/\s:@'\"`<>]*):(?P<password>[^/\s@'\"`]+)"
    r"@(?P<host>\[[0-9a-f:]+\]|[A-Za-z0-9._-]+)",
    re.IGNORECASE,
)
_SQL = re.compile(
    r"\b(?:(?:CREATE|ALTER)\s+(?:ROLE|USER)\b.*?\bPASSWORD|IDENTIFIED\s+(?:WITH\s+\S+\s+)?BY"
    r"|SET\s+PASSWORD.*?=)\s*\(?\s*E?'(?P<value>[^'\n]+)'",
    re.IGNORECASE,
)
_PGPASS = re.compile(r"^[^:\s#]+:(?:\d{4,5}|\*):[^:\s]+:[^:\s]+:(?P<value>\S+)\s*$")
_NETRC = re.compile(r"\blogin\s+\S+\s+password\s+(?P<value>\S+)")
_PARTS = re.compile(
    r"\b(?:host|hostaddr|dbname|user)=\S+.*?\bpassword=[\"']?(?P<value>[^\s\"'`;]+)"
)
_OPTION = re.compile(
    r"(?:(?<![\w-])--?(?:password|passwd|pass|token|secret|api-?key"
    r"|[a-z-]+-(?:password|token|secret))[ =]"
    r"|\bsshpass\s+-p\s*|\bredis-cli\b.*?\s-a\s+|\bmysql\w*\b.*?\s-p(?=\S)"
    r"|\bcurl\b.*?\s(?:-u|--user)[ =]?[\"']?[^:\s\"']+:)[\"']?(?P<value>[^\s\"'`]+)"
)
_HEADER = re.compile(
    r"\bAuthorization\b[\"']?\s*[:=,]\s*[\"'`]?(?:Bearer|Token)\s+(?P<value>[A-Za-z0-9._~+/-]{16,})",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?:\bBasic\s+|[\"']auth[\"']\s*:\s*[\"'])(?P<value>[A-Za-z0-9+/]{10,}={0,2})", re.IGNORECASE
)
_SENTENCE = re.compile(
    r"\b(?:passphrase|passcode|passwor[dt]|kennwort|secret key|api key|token)s?\b[^\n:=]{0,40}?"
    r"(?:\b(?:is|was|ist|lautet)\b|[:=])[\s*_]*[\"'`]?(?P<value>[^\s\"'`]+)",
    re.IGNORECASE,
)
_AGE_KEY = re.compile(r"\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b")
_NAMED = re.compile(rf"^\s*-?\s*[\"']?(?:name|key)[\"']?\s*:\s*[\"']?{_NAME}[\"']?\s*,?\s*$")
_VALUED = re.compile(rf"^\s*-?\s*[\"']?value[\"']?\s*:\s*{_VALUE}\s*,?\s*$")

_UNREACHABLE = re.compile(
    r"(?:^|\.)(?:localhost|example(?:\.[a-z.]+)?|test|invalid|local|host|hostname|server|domain"
    r"(?:\.[a-z]+)?)$|^127\.|^0\.0\.0\.0$|^\[?::1",
    re.IGNORECASE,
)
_STYLE = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")
_REFERRING = re.compile(
    r"(^|_)(name|ref|file|path|url|uri|field|store|hash|digest|checksum|id|label|selector|class"
    r"|version|template|reset|existing_secret|pull_secret|type|format|help|label|text|title|message"
    r"|error|hint|description|placeholder|invalid)s?$|csrf|^data_",
    re.IGNORECASE,
)
"""The end of names that only refer to a secret."""


def in_line(line: str, lowered: str, before: str, context: Context) -> Iterator[str]:
    """A description of each secret that a line states; `before` is the line before it."""
    for form in _FORMS:
        if (form.in_code or not context.is_code) and any(word in lowered for word in form.words):
            yield from form.find(line, context)
    yield from _in_pair(before, line, context)


def _in_urls(line: str, context: Context) -> Iterator[str]:
    for url in _URL.finditer(line):
        found = strength(url["password"])
        is_real = url["password"] != url["user"] and not _UNREACHABLE.search(url["host"])
        has_domain = "." in url["host"]
        least = min(context.least, Strength.WORD if has_domain else Strength.MIXED)
        if found >= (least if is_real else Strength.RANDOM) and found:
            yield "a URL with a password"


def _in_assignments(line: str, context: Context) -> Iterator[str]:
    for found in (*_assignments(line), *_DOCKER.finditer(line)):
        if _is_held(found["name"], _value(found, quoted=context.is_code), context):
            yield f"a value of {found['name']}"


def _assignments(line: str) -> Iterator[re.Match[str]]:
    """Every assignment, also within the value of another one, as in `args: [TOKEN=…]`."""
    found = _ASSIGNMENT.search(line)
    while found:
        yield found
        found = _ASSIGNMENT.search(line, found.end("name"))


def _in_pair(before: str, line: str, context: Context) -> Iterator[str]:
    """An item of a list of names and values, as in a container's env."""
    named = _NAMED.match(before)
    valued = _VALUED.match(line) if named else None
    if named and valued and _is_held(named["name"], _value(valued, quoted=False), context):
        yield f"a value of {named['name']}"


def _value(found: re.Match[str], *, quoted: bool) -> str:
    bare = "" if quoted else (found["bare"] or "").rstrip(",;)}]")
    return found["double"] or found["single"] or found["tick"] or bare


def _is_held(name: str, value: str, context: Context) -> bool:
    """Whether a setting holds a secret; its name may be written in any style."""
    snake = _STYLE.sub("_", name)
    is_secret = holds_secret(snake, value) and not _REFERRING.search(snake)
    return is_secret and strength(value) >= context.least


def _by(form: re.Pattern[str], words: str, least: Strength) -> Callable[..., Iterator[str]]:
    def find(line: str, context: Context) -> Iterator[str]:
        values = (found["value"].rstrip(",;)") for found in form.finditer(line))
        at_least = max(least, Strength.RANDOM if context.least is Strength.RANDOM else least)
        if any(strength(value) >= at_least for value in values):
            yield words

    return find


def _in_logins(line: str, context: Context) -> Iterator[str]:
    for found in _LOGIN.finditer(line):
        try:
            user, colon, password = base64.b64decode(found["value"]).decode().partition(":")
        except (binascii.Error, ValueError):
            continue
        if colon and user.isprintable() and strength(password) >= context.least:
            yield "a login in base64"


def _in_keys(line: str, _: Context) -> Iterator[str]:
    if _AGE_KEY.search(line):
        yield "a private age key"


_FORMS = (
    Form(("age-secret-key-1",), _in_keys),
    Form(("://",), _in_urls),
    Form(
        (
            *("passw", "_pass", "pass:", "pass=", "pwd", "secret", "token", "dsn", "credential"),
            *("apikey", "api_key", "api-key", "_key", "-key", "sskey", "tekey", "ngkey", "onkey"),
        ),
        _in_assignments,
    ),
    Form(("basic ", '"auth"', "'auth'"), _in_logins),
    Form(("password", "identified"), _by(_SQL, "a password in SQL", Strength.WORD)),
    Form((":*:", ":543"), _by(_PGPASS, "a line of a .pgpass file", Strength.WORD)),
    Form(("login",), _by(_NETRC, "a login of a .netrc file", Strength.WORD)),
    Form(("password=",), _by(_PARTS, "a password of a database", Strength.WORD)),
    Form(
        ("-pass", "-token", "-secret", "-api", "sshpass", "redis-cli", "mysql", "curl"),
        _by(_OPTION, "a password in a command", Strength.MIXED),
    ),
    Form(("authorization",), _by(_HEADER, "a token in a header", Strength.RANDOM)),
    Form(
        ("passwor", "passphrase", "passcode", "kennwort", "secret key", "api key", "token"),
        _by(_SENTENCE, "a password in a sentence", Strength.MIXED),
        in_code=False,
    ),
)
WORDS = tuple(dict.fromkeys(word for form in _FORMS for word in form.words))
"""What a line has in it, in lower case, if it has any of the forms."""
