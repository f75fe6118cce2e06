"""`ops secrets init`: makes the file, or adds to it what it lacks."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ops.errors import OpsError
from ops.secrets import generated, given_files, keys, recipients, registry_login, repeated, sops
from ops.secrets.content import Content
from ops.secrets.sealed import SecretsFile
from ops.secrets.wanted import Wanted
from ops.secrets.wanted_key import FILE, LOGIN, ROLE, ROLE_PASSWORD, VALKEY_ACL, WantedKey
from railiance.names import FALLBACKS, GENERATED, SECRET_KEY
from railiance.secret_names import PASSWORD
from railiance.valkey_access import valkey_acl

MADE: Mapping[str, Callable[[WantedKey], str]] = {
    SECRET_KEY: lambda _: generated.secret_key(),
    FALLBACKS: lambda _: generated.secret_key(),
    GENERATED: lambda key: generated.text(key.number),
    ROLE_PASSWORD: lambda _: generated.password(),
}
"""What makes the values that nobody need know, by kind."""

Give = Callable[[Sequence[str], Sequence[str]], Mapping[str, str]]
"""Takes the keys that may be given and those that must be, and returns their values."""


def own_recipients(named: Sequence[str], wanted: Wanted, *, make_key: bool) -> list[str]:
    """The recipients to add to .sops.yaml: those named, else the operator.

    With ``make_key``, the operator's key pair is made if there is none. Raises OpsError, with
    instructions, if nobody is left to encrypt for.
    """
    for recipient in named:
        keys.refuse_unreadable(recipient)
    file = keys.key_file()
    if make_key and not file.exists():
        return [*named, keys.make(file, Path())]
    found = [*named] if named and not make_key else [*named, *keys.recipients_of(file)]
    if not found and not recipients.read(sops.CONFIGURATION):
        raise OpsError(
            f"there is no private key in {file}. Make one with"
            f" `{wanted.command('init', '--make-key')}`, or"
            f" with `age-keygen -o {file}` and mode 600; keep a copy where it cannot get lost, and"
            " never in this repository. For somebody else, give --recipient age1…"
        )
    return found


def fill(file: SecretsFile, give: Give, paths: Mapping[str, Path]) -> list[str]:
    """Adds the keys that the file lacks, and makes it if it is not there; the keys added.

    What can be made is made, a password is repeated wherever it belongs, files are read from the
    paths by key, whatever else is asked for.
    """
    content = Content.by(file.wanted, file.decrypt() if file.exists() else [])
    missing = content.missing
    files = given_files.read(paths, [key.name for key in missing if key.kind == FILE])
    given = give(
        [name for key in missing for name in key.inputs],
        [name for key in missing if key.must_be_given for name in key.inputs],
    )
    if not missing:
        return []
    passwords = {
        ROLE_PASSWORD: given.get(PASSWORD) or content.password(ROLE_PASSWORD),
        VALKEY_ACL: content.password(VALKEY_ACL),
    }
    passwords = {source: known or generated.password() for source, known in passwords.items()}
    for key in missing:
        content.put(key, files.get(key.name) or _value(file.wanted, key, given, passwords))
    file.encrypt(list(content.secrets.values()))
    return [key.name for key in missing]


def _value(
    wanted: Wanted, key: WantedKey, given: Mapping[str, str], passwords: Mapping[str, str]
) -> str:
    """A value for a key that is not a file."""
    if key.kind == ROLE:
        return wanted.role
    if key.kind == LOGIN:
        return registry_login.text(wanted.registry, given)
    if key.kind == VALKEY_ACL:
        return valkey_acl([passwords[VALKEY_ACL]])
    if key.source:
        return repeated.made(wanted, key, passwords[key.source])
    if key.kind == ROLE_PASSWORD:
        return passwords[ROLE_PASSWORD]
    return given.get(key.name) or MADE[key.kind](key)
