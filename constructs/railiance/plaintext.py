"""Rules for secrets in plain text, used by declarations and by the gate.

gitleaks searches a whole repository; these rules know the usual environment variables of a Django
app.
"""

import re

_SECRET_WORDS = re.compile(
    r"SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|(PRIVATE|ACCESS|SIGNING|ENCRYPTION)_?KEY"
    r"|(DATABASE|REDIS|BROKER)_URL|(^|_)(PASS|PWD|TOKEN|DSN)($|_)",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(
    r"_(TIMEOUT|AGE|SECONDS?|MINUTES?|HOURS?|DAYS?|WEEKS?|LIFETIME|TTL|EXPIRY|EXPIRES?(_IN)?"
    r"|EXPIRATION|VALIDITY|INTERVAL|PERIOD|DURATION|LENGTH|COUNT|LIMIT|SIZE|ATTEMPTS|RETRIES|RATE"
    r"|QUOTA|ITERATIONS|ROUNDS|HASHERS?|VALIDATORS?|ALGORITHM|HEADER|FIELD|ENABLED|REQUIRED)$",
    re.IGNORECASE,
)
"""Settings about secrets, such as PASSWORD_RESET_TIMEOUT and TOKEN_LIFETIME_SECONDS."""
_SWITCH = re.compile(r"|true|false|on|off|yes|no", re.IGNORECASE)
_MEASURE = re.compile(
    r"[-+]?[0-9]{1,9}([.,][0-9]+)? ?(%|ms|[smhdw]|(sec(ond)?|min(ute)?|hour|day|week|month|year)s?"
    r"|[KMGT]i?B?)?(/(s|min|[hd]|sec(ond)?|minute|hour|day))?|[0-2]?[0-9](:[0-5][0-9]){1,2}",
    re.IGNORECASE,
)
"""A number, also with a unit, and a time of day."""
_COUNTED = re.compile(r"^(MAX|MIN|NUM|MAXIMUM|MINIMUM|NUMBER_OF|DEFAULT)_", re.IGNORECASE)
_SECRET_VALUE = re.compile(
    r"(?=[-:APdegp])("  # the first characters of what follows: most texts are told by them
    r"://[^/\s:@]*:[^/\s@]+@"  # a password in a URL
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\bAGE-SECRET-KEY-1"
    r"|\bgh[opsu]_[A-Za-z0-9]{20}"
    r"|\bglpat-[A-Za-z0-9_-]{20}"
    r"|\bAKIA[A-Z0-9]{16}\b"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\."
    r"|django-insecure-"
    r"|\b(?i:password|passwd)\s*=\s*\S)"
)


def names_secret(name: str) -> bool:
    """Whether a setting of this name holds a secret, such as SECRET_KEY or SMTP_PASSWORD."""
    return bool(_SECRET_WORDS.search(name)) and not _NO_SECRET.search(name)


def holds_secret(name: str, value: str) -> bool:
    """Whether a setting of this name and value holds a secret.

    A switch holds none, and neither does a number or a time where the name goes on behind the word
    for the secret, such as TOKEN_ROTATION, or counts, such as MAX_TOKEN.
    """
    if not names_secret(name) or _SWITCH.fullmatch(value):
        return False
    *_, last = _SECRET_WORDS.finditer(name)
    is_about = bool(name[last.end() :].strip("_") or _COUNTED.match(name))
    return not (is_about and _MEASURE.fullmatch(value))


def looks_secret(value: str) -> bool:
    """Whether a text is, or contains, a secret: a key, a token, a URL with a password."""
    return bool(_SECRET_VALUE.search(value))
