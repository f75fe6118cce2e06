"""`ops secrets rotate`: a new value in the file, which git and `apply` take to the cluster."""

from collections.abc import Iterator, Mapping

from ops.errors import OpsError, UsageError
from ops.secrets import generated
from ops.secrets.decrypted import DecryptedSecret
from ops.secrets.init import Give
from ops.secrets.sealed import SecretsFile
from ops.secrets.wanted import DATABASE_URL, FALLBACKS, PASSWORD, SECRET_KEY, USERNAME

MADE = {
    PASSWORD: generated.password,
    SECRET_KEY: generated.secret_key,
    FALLBACKS: generated.secret_key,
}
"""What makes the values that nobody need know."""


def rotate(file: SecretsFile, key: str, give: Give) -> list[str]:
    """Gives a key a new value; the keys that changed.

    `password` and SECRET_KEY are made unless they are given, any other value is asked for. The
    password changes in DATABASE_URL too; the SECRET_KEY before goes into SECRET_KEY_FALLBACKS if
    the app reads that. Raises
    UsageError for a key that the app does not need or that follows from another.
    """
    known = [name for keys in file.wanted.keys.values() for name in keys]
    if key not in known:
        raise UsageError(f"{file.wanted.app} needs no such key; it needs {', '.join(known)}")
    if key in (USERNAME, DATABASE_URL):
        raise UsageError(f"{key} follows from the role; rotate its {PASSWORD}")
    secrets = {secret.name: secret for secret in file.decrypt()}
    holder = _holder(file, secrets, key)
    former = holder.text(key)
    value = _new_value(key, give)
    holder.put(key, value)
    if key == PASSWORD:
        changed = [key, *_change_addresses(file, secrets, value)]
    elif key == SECRET_KEY:
        changed = [key, *_keep_as_fallback(file, secrets, former)]
    else:
        changed = [key]
    file.encrypt(list(secrets.values()))
    return changed


def _holder(file: SecretsFile, secrets: Mapping[str, DecryptedSecret], key: str) -> DecryptedSecret:
    name = next(name for name, keys in file.wanted.keys.items() if key in keys)
    if name not in secrets or not secrets[name].text(key):
        raise OpsError(f"{file.path}: lacks {key}; `ops secrets init` adds it")
    return secrets[name]


def _new_value(key: str, give: Give) -> str:
    """The value that is given, or one that is made where that can be."""
    if key not in MADE:
        return give([key], [key])[key]
    return give([key], []).get(key) or MADE[key]()


def _change_addresses(
    file: SecretsFile, secrets: Mapping[str, DecryptedSecret], password: str
) -> Iterator[str]:
    for secret in secrets.values():
        if url := secret.text(DATABASE_URL):
            secret.put(DATABASE_URL, _with_password(file, url, password))
            yield DATABASE_URL


def _with_password(file: SecretsFile, url: str, password: str) -> str:
    try:
        return generated.with_password(url, password)
    except ValueError:
        problem = "DATABASE_URL is not a URL with a user"
        raise OpsError(f"{file.path}: {problem}; fix it with `ops secrets edit`") from None


def _keep_as_fallback(
    file: SecretsFile, secrets: Mapping[str, DecryptedSecret], former: str
) -> Iterator[str]:
    for name, keys in file.wanted.keys.items():
        if FALLBACKS in keys:
            secrets[name].put(FALLBACKS, former)
            yield FALLBACKS
