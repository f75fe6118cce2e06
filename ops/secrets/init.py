"""`ops secrets init`: makes the file, or adds to it what it lacks."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ops.errors import OpsError
from ops.secrets import generated, keys, recipients, sops
from ops.secrets.decrypted import BASIC_AUTH, DecryptedSecret
from ops.secrets.sealed import SecretsFile
from ops.secrets.wanted import DATABASE_URL, FALLBACKS, PASSWORD, SECRET_KEY, USERNAME, Wanted

RANDOM = {SECRET_KEY, FALLBACKS}
MADE = {*RANDOM, DATABASE_URL, USERNAME, PASSWORD}
"""The keys whose values nobody need be asked for."""

Give = Callable[[Sequence[str], Sequence[str]], Mapping[str, str]]
"""Takes the keys that may be given and those that must be, and returns their values."""


def own_recipients(named: Sequence[str], *, make_key: bool) -> list[str]:
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
            f"there is no private key in {file}. Make one with `ops secrets init --make-key`, or"
            f" with `age-keygen -o {file}` and mode 600; keep a copy where it cannot get lost, and"
            " never in this repository. For somebody else, give --recipient age1…"
        )
    return found


def fill(file: SecretsFile, give: Give) -> list[str]:
    """Adds the keys that the file lacks, and makes it if it is not there; the keys added.

    Passwords and SECRET_KEY are made, DATABASE_URL is put together, whatever else is asked for.
    """
    secrets = {secret.name: secret for secret in (file.decrypt() if file.exists() else [])}
    for name in file.wanted.keys:
        secrets.setdefault(name, _new(name, file.wanted))
    missing = [
        (secrets[name], key)
        for name, wanted in file.wanted.keys.items()
        for key in wanted
        if not secrets[name].text(key)
    ]
    keys_missing = [key for _, key in missing]
    if not missing:
        give((), ())  # which refuses values that nobody asks for
        return []
    values = _made(file.wanted, secrets, keys_missing, give)
    for secret, key in missing:
        secret.put(key, values[key])
    file.encrypt(list(secrets.values()))
    return keys_missing


def _new(name: str, wanted: Wanted) -> DecryptedSecret:
    kind = BASIC_AUTH if name == wanted.credentials else "Opaque"
    return DecryptedSecret.new(name, wanted.namespace, kind)


def _made(
    wanted: Wanted, secrets: Mapping[str, DecryptedSecret], missing: Sequence[str], give: Give
) -> dict[str, str]:
    """A value for every key that is missing."""
    may = [key for key in missing if key not in (USERNAME, DATABASE_URL)]
    given = give(may, [key for key in missing if key not in MADE])
    password = given.get(PASSWORD) or _known_password(wanted, secrets) or generated.password()
    return {
        **{key: generated.secret_key() for key in RANDOM},
        USERNAME: wanted.role,
        PASSWORD: password,
        DATABASE_URL: generated.database_url(wanted.role, password, wanted.host, wanted.database),
        **given,
    }


def _known_password(wanted: Wanted, secrets: Mapping[str, DecryptedSecret]) -> str:
    """The role's password, if one of the two places in the file has it."""
    if known := secrets[wanted.credentials].text(PASSWORD):
        return known
    urls = [url for secret in secrets.values() if (url := secret.text(DATABASE_URL))]
    try:
        return generated.password_in(urls[0]) if urls else ""
    except ValueError:
        raise OpsError(
            f"{wanted.file}: DATABASE_URL holds no password; fix it with `ops secrets edit`"
        ) from None
