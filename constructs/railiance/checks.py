"""Checks of declared values: each raises ValueError naming the value and the fix."""

import ipaddress
import re
from collections.abc import Callable

from railiance import harmful_settings, quantities
from railiance.plaintext import holds_secret, looks_secret
from railiance.postgres import reaches_outside
from railiance.production import enables_debug, is_for_development, is_unfinished, sets_debug
from railiance.public_names import ascii_form, problem_of
from railiance.texts import slip, unprintable

LONGEST_SUFFIX = "-migrate"
"""The longest suffix under which an app's name becomes another object's DNS label."""

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_MOVING_TAGS = {
    *("latest", "main", "master", "trunk", "head", "stable", "edge", "nightly", "next", "rolling"),
    *("dev", "devel", "develop", "development", "staging", "prod", "production", "live"),
    *("release", "current", "canary", "preview", "alpha", "beta", "rc", "snapshot", "unstable"),
}
_POSTGRES_OWN = {"postgres", "template0", "template1", "streaming_replica", "public"}
_KERNEL_FOLDERS = ("/proc", "/sys", "/dev")
_WRITABLE_FOLDERS = ("/tmp", "/run")  # noqa: S108 (in the container)
_TAKEN_FOLDERS = (*_WRITABLE_FOLDERS, *_KERNEL_FOLDERS, "/etc")
_TAKEN_PROCESS_NAMES = {
    *("env", "files", "internal", "maintenance", "media", "migrate", "registry", "tls", "valkey"),
    *("deploys", "superuser", "web"),
}
"""Names that other objects of an app have after its own name."""
LONGEST_FILE = 256 * 1024
"""All files of an app share a ConfigMap of at most 1 MiB."""


def _refuse(value: object, problem: str) -> None:
    raise ValueError(f"{value!r} {problem}")


def pattern(expression: str, problem: str) -> Callable[[str], None]:
    """A check that the whole text matches the expression."""
    compiled = re.compile(expression)

    def accept(value: str) -> None:
        if not compiled.fullmatch(value):
            _refuse(value, problem)

    return accept


def between(lowest: int, highest: int, unit: str) -> Callable[[int], None]:
    """A check that a number is in a range, bounds included."""

    def accept(value: int) -> None:
        if not lowest <= value <= highest:
            _refuse(value, f"is out of range; give {lowest} to {highest} {unit}")

    return accept


def one_of(*choices: str) -> Callable[[str], None]:
    """A check that a text is one of a few."""

    def accept(value: str) -> None:
        if value not in choices:
            _refuse(value, f"is not one of {', '.join(map(repr, choices))}")

    return accept


def dns_label(value: str) -> None:
    """An RFC 1123 label, as Kubernetes requires it for the name of a namespace."""
    if len(value) > 63:
        _refuse(value, f"has {len(value)} characters; a DNS label has at most 63")
    if not _LABEL.fullmatch(value):
        _refuse(value, "is not a DNS label; use a-z, 0-9 and inner hyphens")


def app_name(value: str) -> None:
    """A DNS label that starts with a letter (a Service's name) and leaves room for suffixes."""
    dns_label(value)
    if not value[0].isalpha():
        _refuse(value, "starts with a digit, which a Service's name may not; start with a letter")
    room = 63 - len(LONGEST_SUFFIX)
    if len(value) > room:
        _refuse(value, f"is too long for {value}{LONGEST_SUFFIX}; give at most {room} characters")


def process_name(value: str) -> None:
    """A DNS label that names a process or a folder after the app's name."""
    dns_label(value)
    if value in _TAKEN_PROCESS_NAMES:
        _refuse(value, "names another part of every app; give another name")


def argument(value: str) -> None:
    """An argument of a command; the message never repeats a secret."""
    if found := unprintable(value):
        raise ValueError(f"an argument has {found}; remove it")
    if looks_secret(value):
        raise ValueError("an argument looks like a secret; read it from the environment instead")


def host_name(value: str) -> None:
    """A DNS name as requests state it."""
    if "://" in value:
        host = re.split(r"[/:?#]", value.partition("://")[2])[0]
        _refuse(value, f"has a scheme; give the host alone, {host!r}")
    if value.startswith("*"):
        _refuse(value, "is a wildcard, which HTTP-01 cannot certify; name the host")
    if _is_address(value) or re.fullmatch(r"[0-9.]+", value):
        _refuse(value, "is an address; a certificate needs a host name")
    if not value.isascii() and (written := ascii_form(value)):
        _refuse(value, f"is an international name; write it as DNS has it, {written!r}")
    if value != value.lower():
        _refuse(value, f"has capitals; write {value.lower()!r}")
    if value != (bare := value.strip().rstrip(".")) and "." in bare:
        _refuse(value, f"begins or ends with a blank or a dot; write {bare!r}")
    labels = value.split(".")
    valid = all(len(label) <= 63 and _LABEL.fullmatch(label) for label in labels)
    if len(value) > 253 or len(labels) < 2 or not valid:
        _refuse(value, "is not a host name; give one like 'app.whywhynot.de', without port or path")


def public_host(value: str) -> None:
    """A host name that a public authority certifies by HTTP-01."""
    host_name(value)
    if problem := problem_of(value):
        _refuse(value, f"{problem}; give a public host")


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def origin(value: str) -> None:
    """An origin for Django's CSRF_TRUSTED_ORIGINS: with a scheme, which must be https."""
    if not value.startswith("https://"):
        _refuse(value, f"is not an https origin; write 'https://{value.rpartition('://')[2]}'")
    if value.endswith("/"):
        _refuse(value, f"ends with a slash, which no origin has; write {value.rstrip('/')!r}")
    host_name(value.removeprefix("https://"))


def address(value: str) -> None:
    """An IP address."""
    if not _is_address(value):
        _refuse(value, "is not an IP address; give one like '192.0.2.1'")


image_owner = pattern(r"[a-z0-9]+([._-]+[a-z0-9]+)*", "is not the owner of images in a registry")


def image_repository(value: str) -> None:
    """Registry host and path: the part before the `:` of an image reference."""
    name = value.rpartition("/")[2]
    if "@" in name or ":" in name:
        _refuse(value, "names a tag or digest; give those as tag= and digest=")
    host, _, path = value.partition("/")
    host_name(host)
    if not re.fullmatch(r"[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*", path):
        _refuse(value, "is not an image repository; give one like 'registry.example.org/team/app'")


def image_tag(value: str) -> None:
    """A tag that identifies one build."""
    if value.lower() in _MOVING_TAGS:
        _refuse(value, "moves from build to build; give the tag of one build, such as its commit")
    if is_unfinished(value):
        _refuse(value, "is the tag of a build for development; give that of a committed build")
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", value):
        _refuse(value, "is not an image tag; use letters, digits, '_', '.' and '-'")


image_digest = pattern(
    r"sha256:[0-9a-f]{64}", "is not a digest; give 'sha256:' and 64 hexadecimal digits"
)


def pinned_image(value: str) -> None:
    """A full image reference: repository, tag and digest."""
    repository, at, digest = value.partition("@")
    name, colon, tag = repository.rpartition(":")
    if not at or not colon:
        _refuse(value, "is not pinned; give repository:tag@sha256:…")
    image_repository(name)
    image_tag(tag)
    image_digest(digest)


form_field = pattern(r"[A-Za-z_][A-Za-z0-9_-]*", "is not a form field; give its name in HTML")
port = between(1, 65535, "as a port")


def unprivileged_port(value: int) -> None:
    """A port that a process without capabilities can bind to."""
    port(value)
    if value < 1024:
        _refuse(value, "needs a privilege that the pods do not have; listen on 1024 or above")


def settings_module(value: str) -> None:
    """The dotted name of a Python module with production settings."""
    parts = value.split(".")
    if not all(part.isascii() and part.isidentifier() for part in parts):
        _refuse(value, "is not a Python module; give one like 'project.settings.prod'")
    if is_for_development(value):
        _refuse(value, "is not for production; give the production settings")


def url_path(value: str) -> None:
    """An absolute path without a query, as a probe requests it."""
    if not re.fullmatch(r"/[A-Za-z0-9_./~-]*", value) or ".." in value or "//" in value:
        _refuse(value, "is not a path; give one like '/health/', without host or query")


def relative_path(value: str) -> None:
    """A path relative to a page, without a query."""
    if not re.fullmatch(r"(\.\./)*[A-Za-z0-9_~-][A-Za-z0-9_./~-]*", value) or "//" in value:
        _refuse(value, "is not a relative path; give one like 'delete/' or '../delete/'")


def absolute_folder(value: str) -> None:
    """An absolute folder in the container."""
    parts = value.split("/")
    if not re.fullmatch(r"(/[A-Za-z0-9_.-]+)+", value) or ".." in parts or "." in parts:
        _refuse(value, "is not an absolute folder; give one like '/app/media'")
    if f"{value}/".startswith(tuple(f"{folder}/" for folder in _TAKEN_FOLDERS)):
        _refuse(value, "is reserved in the container; give one like '/app/media'")


def scratch_folder(value: str) -> None:
    """An absolute folder in the container, or one of the two that are writable in every pod."""
    if value not in _WRITABLE_FOLDERS:
        absolute_folder(value)


def absolute_file(value: str) -> None:
    """An absolute path of a file in the container."""
    parts = value.split("/")
    if not re.fullmatch(r"(/[A-Za-z0-9_.-]+)+", value) or ".." in parts or "." in parts:
        _refuse(value, "is not an absolute path; give one like '/etc/app/app.cfg'")
    if value.startswith(tuple(f"{folder}/" for folder in _KERNEL_FOLDERS)):
        _refuse(value, "is the kernel's; give one like '/etc/app/app.cfg'")


def file_content(value: str) -> None:
    """The text of a file that is rendered readable; the message never repeats it."""
    if value.startswith("\ufeff"):
        raise ValueError("begins with a byte order mark; read it with encoding='utf-8-sig'")
    if found := unprintable(value):
        raise ValueError(f"has {found}; only text can be mounted")
    if "\r" in value:
        raise ValueError("has the line ends of Windows; read it in text mode, or save it with LF")
    size = len(value.encode())
    if not value or size > LONGEST_FILE:
        raise ValueError(f"has {size} bytes; give 1 to {LONGEST_FILE}")
    if looks_secret(value):
        raise ValueError("looks like it holds a secret; use secret_files, or read the environment")


secret_key_name = pattern(
    r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,252}", "is not a key of a Secret; use letters, digits, . _ -"
)


def environment_name(value: str) -> None:
    """The name of an environment variable that states no debug mode."""
    variable_name(value)
    if problem := harmful_settings.problem_of_name(value):
        _refuse(value, problem)
    if sets_debug(value):
        _refuse(value, "may not be set; production runs with production settings only")


def variable_name(value: str) -> None:
    """The name of an environment variable."""
    if not re.fullmatch(r"[A-Z][A-Z0-9_]*", value):
        _refuse(value, "is not an environment variable; use A-Z, 0-9 and '_'")


def plain_settings(value: dict[str, str]) -> None:
    """Settings in plain text; the message never repeats a value."""
    for name, text in value.items():
        if sets_debug(name) and enables_debug(text):
            raise ValueError(
                f"{name!r} may only be turned off, with False, 0, no or off; production runs with"
                " production settings only"
            )
        if problem := harmful_settings.problem_of(name, text):
            raise ValueError(f"{name!r} {problem}")
        if "\n" in text or "\r" in text:
            raise ValueError(f"{name!r} has a line break in its value; give one line")
        if found := unprintable(text):
            raise ValueError(f"{name!r} has {found} in its value; remove it")
        if problem := slip(name, text):
            raise ValueError(f"{name!r} {problem}")
        if holds_secret(name, text) or looks_secret(text):
            raise ValueError(
                f"{name!r} looks like a secret; put it into the app's Secret and into secret_keys"
            )


def plain_values(value: dict[str, str]) -> None:
    """Form values in plain text; the message never repeats a value."""
    for name, text in value.items():
        if found := unprintable(text):
            raise ValueError(f"{name!r} has {found} in its value; remove it")
        if holds_secret(name, text) or looks_secret(text):
            raise ValueError(f"{name!r} looks like a secret, but is rendered readable; remove it")


def cpu(value: str) -> None:
    """A CPU quantity that one node may have."""
    if not re.fullmatch(r"[1-9][0-9]*m?|[0-9]+\.[0-9]{1,3}", value) or not value.strip("0."):
        _refuse(value, "is not a CPU quantity; give one like '100m' or '1.5'")
    cores = quantities.cores(value)
    if cores > quantities.MOST_CORES:
        fix = f"for thousandths of a core write '{value}m'" if value.isdigit() else "give fewer"
        _refuse(value, f"is {cores:g} cores, which no node has; {fix}")


def size(value: str) -> None:
    """A quantity of bytes; `m` is refused, it means a thousandth of a byte."""
    if not re.fullmatch(r"[1-9][0-9]*[KMGT]i", value):
        fix = f"'{value}Mi' or '{value}Gi'" if value.isdigit() else "one like '512Mi' or '5Gi'"
        _refuse(value, f"is not a size; give {fix}")
    if not quantities.LEAST_BYTES <= quantities.size_in_bytes(value) <= quantities.MOST_BYTES:
        _refuse(value, "is a size that no pod has; give one like '512Mi' or '5Gi'")


def memory(value: str) -> None:
    """The memory of a process on one node."""
    size(value)
    if quantities.size_in_bytes(value) > quantities.MOST_MEMORY:
        _refuse(value, "is more memory than a node has; give an amount like '512Mi' or '2Gi'")


def postgres_name(value: str) -> None:
    """A PostgreSQL identifier that needs no quotes and is not reserved by the server."""
    if not re.fullmatch(r"[a-z]([a-z0-9_]{0,61}[a-z0-9])?", value):
        _refuse(value, "is not a plain PostgreSQL name; use a-z, 0-9 and inner '_', 63 at most")
    if value.startswith(("pg_", "cnpg_")) or value in _POSTGRES_OWN:
        _refuse(value, "is reserved by PostgreSQL or CloudNativePG; give a name for this app alone")


def postgres_extension(value: str) -> None:
    """A PostgreSQL extension that stays in its database."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", value):
        _refuse(value, "is not an extension's name; give one like 'pg_trgm'")
    if reaches_outside(value):
        _refuse(value, "reaches outside of the database; remove it")


def kubernetes_version(value: str) -> None:
    """A minor version."""
    if not re.fullmatch(r"1\.[0-9]{1,3}", value):
        _refuse(value, "is not a Kubernetes minor version; give one like '1.34'")


def repository_url(value: str) -> None:
    """A git repository over https, without credentials in the URL."""
    if looks_secret(value):
        raise ValueError("holds credentials; give the address alone")
    if not re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._/-]+", value):
        _refuse(value, "is not an https address of a git repository")
