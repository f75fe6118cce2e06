"""Whether a text may be a real secret: not a placeholder, a reference, a hash or an identifier."""

import math
import re
from collections import Counter
from enum import IntEnum


class Strength(IntEnum):
    """How much a text looks like a secret."""

    NONE = 0
    """A placeholder, a reference to a secret, or no secret at all."""
    WORD = 1
    """Something that a person could have chosen."""
    MIXED = 2
    """At least eight characters with letters and digits in no usual order."""
    RANDOM = 3
    """At least twenty characters that nobody chose."""


SHORTEST, SHORTEST_MIXED, SHORTEST_RANDOM, SHORTEST_KEY = 4, 8, 20, 40
_FEWEST_DIFFERENT, _LEAST_ENTROPY, _MOST_USUAL, _FEWEST_CHANGES = 5, 3.2, 2, 4

_PLACEHOLDER = re.compile(
    r"passw(?:or[dt]|d)?|kennwort|geheim|secrets?|change[-_ ]?(?:me|it|this)?|ch[4a]ng[3e]m[3e]"
    r"|example|beispiel|sample|dummy|fake|mock|testing|tests?|placeholder|redact(?:ed)?|hidden"
    r"|your|insert|replace|default|example|todo|fixme|tbd|none|null|nil|undefined|empty|unset|true"
    r"|false|foo|bar|baz|qux|spam|eggs|qwerty|letmein|admin|root|users?|guest|owner|login|postgres"
    r"|postgresql|mysql|redis|rabbit(?:mq)?|localhost|demo|local|insecure|unsafe|django|token|api|key"
    r"|credentials?|private|public|access|value|string|random|something|whatever|generated|enter|here"
    r"|with|this|one|some|long|strong|super|dont|very|really|please|secure|hunter2|correct|horse|battery|staple"
    r"|lorem|ipsum|hello|world|abcdefghij(?:klmnop)?|abcdef|abc|xyz|0?123456(?:789)?0?|1234|4321"
    r"|x{3,}|\*{2,}|\.{2,}|…|-{3,}|_{3,}|#{2,}|0{4,}|1{4,}|dev(?:elop(?:ment)?)?|prod(?:uction)?"
    r"|staging|only|not|for|use|must|never|app|service|account|client|server|database|db|name|mail"
    r"|email|smtp|host|auth|basic|bearer|basicauth",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"^\.{1,2}/|^\$|\$\{|\{\{|\}\}|<%|\{%|^[A-Za-z]:\\|://|[<>]"
    r"|^(?:ENC\[|enc:|vault:|ref\+|op://|arn:|file:|env[.:(]|secret:|sops|sha(?:1|256|512)[:-])"
    r"|^(?:pbkdf2|argon2|bcrypt|scrypt|scram-sha|md5[0-9a-f]{32}$)"
    r"|\.(?:json|pem|key|crt|ya?ml|txt|html?|py)$",
    re.IGNORECASE,
)
_EXPRESSION = re.compile(
    r"^[&*%@!~\[{(/|\\^,;=]|[$%]\(|%s|[A-Za-z_]\(|\)$|\[[A-Za-z'\"]|environ|getenv|get_"
    r"|\b(?:os|self|process|settings|config|env|request)\.",
    re.IGNORECASE,
)
"""What a program computes; a long random text may look like it."""
_ASCII = re.compile(r"[A-Za-z0-9]")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+[0-9]{0,2}|[0-9]+|[A-Za-z]{1,2}[0-9]+", re.ASCII)
_MEASURE = re.compile(r"[-+]?[0-9][0-9._,]{0,8} ?[A-Za-z%/]{0,8}|on|off|yes|no", re.IGNORECASE)


def strength(value: str) -> Strength:
    """How much a value, given by itself and without quotes, looks like a secret."""
    text = value.strip()
    if len(text) < SHORTEST or _REFERENCE.search(text) or _MEASURE.fullmatch(text):
        return Strength.NONE
    rest = _PLACEHOLDER.sub("", text)
    if _EXPRESSION.search(text) and not _is_key(text):
        return Strength.NONE
    if len(set(text)) < _FEWEST_DIFFERENT or not _is_left(rest):
        return Strength.NONE
    if _is_identifier(text) or any(c.isspace() for c in text):
        return Strength.WORD
    if _is_random(rest):
        return Strength.RANDOM
    return Strength.MIXED if _is_mixed(rest) else Strength.WORD


def _is_left(rest: str) -> bool:
    """Whether enough is left of a text without its usual words."""
    return len(_ASCII.findall(rest)) >= SHORTEST


def _is_identifier(text: str) -> bool:
    """Whether it is made of words and numbers, or is a UUID."""
    parts = re.split(r"[-_.,:/+ ]", text)
    return bool(_UUID.fullmatch(text)) or all(not p or _WORD.fullmatch(p) for p in parts)


def _is_key(text: str) -> bool:
    """Whether it is long and random like a SECRET_KEY of Django, which has brackets as well."""
    return len(text) >= SHORTEST_KEY and _changes(text) >= _FEWEST_CHANGES


def _changes(text: str) -> int:
    """How often a digit follows a letter, or a letter a digit."""
    return len(re.findall(r"[0-9](?=[A-Za-z])|[A-Za-z](?=[0-9])", text))


def _is_random(text: str) -> bool:
    if len(text) < SHORTEST_RANDOM:
        return False
    counts = Counter(text)
    entropy = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    changes = _changes(text)
    odd = sum(not c.isalnum() for c in text)
    return entropy >= _LEAST_ENTROPY and (changes > _MOST_USUAL or odd > _MOST_USUAL)


def _is_mixed(text: str) -> bool:
    has_letter, has_digit = (any(map(kind, text)) for kind in (str.isalpha, str.isdigit))
    return len(text) >= SHORTEST_MIXED and has_letter and has_digit
