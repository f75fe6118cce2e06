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
_NO_SECRET = re.compile(r"_(TIMEOUT|AGE|DAYS|LENGTH|HASHERS|VALIDATORS)$", re.IGNORECASE)
"""Settings about secrets, such as PASSWORD_RESET_TIMEOUT."""
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


def looks_secret(value: str) -> bool:
    """Whether a text is, or contains, a secret: a key, a token, a URL with a password."""
    return bool(_SECRET_VALUE.search(value))
