"""Which names a public authority certifies by HTTP-01, used by declarations and by the gate.

Source: RFC 2606, RFC 6761, RFC 6762 (appendix G), RFC 7686, RFC 8375; Boulder, policy/pa.go.
"""

import re
import unicodedata

_PRIVATE = {
    *("test", "example", "invalid", "localhost", "local", "internal", "onion", "alt"),
    *("intranet", "private", "corp", "home", "lan", "localdomain", "arpa", "svc"),
}
"""Top-level names that no public DNS has."""
_PLACEHOLDERS = {"example.com", "example.net", "example.org"}
_TOP_LEVEL = re.compile(r"[a-z]{2,}|xn--[a-z0-9-]+")
MOST_LABELS = 10


def problem_of(host: str) -> str:
    """Why no public authority certifies a host name; empty if one may."""
    labels = host.split(".")
    if labels[-1] in _PRIVATE:
        return f"ends in .{labels[-1]}, which is not public; no authority certifies it"
    if not _TOP_LEVEL.fullmatch(labels[-1]):
        return f"ends in .{labels[-1]}, which is no top-level domain; no authority certifies it"
    if ".".join(labels[-2:]) in _PLACEHOLDERS:
        return "is a placeholder of documentation, which no authority certifies"
    if len(labels) > MOST_LABELS:
        return f"has {len(labels)} labels; authorities certify at most {MOST_LABELS}"
    for label in labels:
        if label[2:4] == "--" and not _is_international(label):
            return f"has the label {label!r}, which is reserved; no authority certifies it"
    return ""


def ascii_form(host: str) -> str:
    """An international host name as DNS has it, with xn-- labels; empty if there is none.

    Source: RFC 5891, RFC 3492.
    """
    labels = unicodedata.normalize("NFC", host.lower()).split(".")
    if not all(re.fullmatch(r"[\w-]+", label) and "_" not in label for label in labels):
        return ""
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels
    )


def _is_international(label: str) -> bool:
    try:
        return label.startswith("xn--") and not label[4:].encode().decode("punycode").isascii()
    except UnicodeError:
        return False
