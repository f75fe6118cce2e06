"""`ops secrets rotate`: a new value in the file, which git and `apply` take to the cluster."""

from collections.abc import Iterator
from pathlib import Path

from ops.errors import OpsError, UsageError
from ops.secrets import generated, given_files, registry_login, repeated
from ops.secrets.content import Content
from ops.secrets.init import MADE, Give
from ops.secrets.sealed import SecretsFile
from ops.secrets.wanted import Wanted
from ops.secrets.wanted_key import FILE, LOGIN, REPEATED, ROLE, VALKEY_ACL, WantedKey
from railiance.names import DATABASE_URL, FALLBACKS, SECRET_KEY, VALKEY_URL
from railiance.secret_names import PASSWORD
from railiance.valkey_access import valkey_acl


def rotate(file: SecretsFile, name: str, give: Give, path: Path | None = None) -> list[str]:
    """Gives a key a new value; the keys that changed.

    What can be made is made unless it is given; a file is read from the path; any other value is
    asked for. A password changes wherever it is repeated. The former password of Valkey stays
    valid until the next rotation, so that pods that run keep working; the former SECRET_KEY goes
    into the fallbacks if the app reads them. Raises UsageError for a key that the app does not
    need or that follows from another, and for a file without a path.
    """
    key = file.wanted.key(name)
    _refuse_following(file.wanted, key)
    if key.kind == FILE and not path:
        raise UsageError(f"{name} is a file; give it with --file PATH")
    if path and key.kind != FILE:
        raise UsageError(f"{name} is not a file; omit --file")
    content = Content.by(file.wanted, file.decrypt())
    changed = list(_changed(content, key, give, path))
    file.encrypt(list(content.secrets.values()))
    return changed


def _refuse_following(wanted: Wanted, key: WantedKey) -> None:
    if key.kind in (ROLE, DATABASE_URL):
        raise UsageError(f"{key.name} follows from the role; rotate its {PASSWORD}")
    if key.kind == VALKEY_URL:
        source = wanted.of(VALKEY_ACL)[0].name
        raise UsageError(f"{key.name} follows from Valkey's password; rotate {source}")


def _changed(content: Content, key: WantedKey, give: Give, path: Path | None) -> Iterator[str]:
    """Puts a new value wherever it belongs; the name of each place."""
    held = next(iter(content.wanted.of(key.source)), key)
    former = content.text(held)
    if not former:
        problem = f"lacks {held.name}; `{content.wanted.command('init')}` adds it"
        raise OpsError(f"{content.wanted.file}: {problem}")
    content.put(held, _new_value(content, held, key.name, give, path))
    yield held.name
    if held.kind in REPEATED:
        yield from _repeat_password(content, held.kind)
    if held.kind == SECRET_KEY:
        for fallback in content.wanted.of(FALLBACKS):
            content.put(fallback, former)
            yield fallback.name


def _new_value(
    content: Content, held: WantedKey, named: str, give: Give, path: Path | None
) -> str | bytes:
    """The value that is given, or one that is made where that can be."""
    if path:
        return given_files.content(held.name, path)
    if held.kind == LOGIN:
        return registry_login.text(content.wanted.registry, give(held.inputs, held.inputs))
    if held.kind == VALKEY_ACL:
        give((), ())  # which refuses values that nobody asks for
        return valkey_acl([generated.password(), content.password(VALKEY_ACL)])
    if held.must_be_given:
        return give([named], [named])[named]
    return give([named], []).get(named) or MADE[held.kind](held)


def _repeat_password(content: Content, source: str) -> Iterator[str]:
    password = content.password(source)
    for key in content.wanted.repeating(source):
        if value := content.text(key):
            try:
                content.put(key, repeated.changed(key, value, password))
            except ValueError:  # which could quote the value
                problem = f"{key.name} is not {repeated.FORMS[key.kind]}"
                fix = f"fix it with `{content.wanted.command('edit')}`"
                raise OpsError(f"{content.wanted.file}: {problem}; {fix}") from None
            yield key.name
