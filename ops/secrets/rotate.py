"""`ops secrets rotate`: a new value in the file, from where it goes on through git and `apply`."""

from collections.abc import Mapping

from ops.errors import OpsError, UsageError
from ops.secrets import generated
from ops.secrets.init import Give
from ops.secrets.sealed import SecretsFile
from ops.secrets.secret import Secret
from ops.secrets.wanted import DATABASE_URL, FALLBACKS, PASSWORD, SECRET_KEY, USERNAME


def rotate(file: SecretsFile, key: str, give: Give) -> list[str]:
    """Gives a key a new value; the keys that changed.

    `password` changes in the credentials and in DATABASE_URL. SECRET_KEY is made; the one before
    goes into SECRET_KEY_FALLBACKS if the app reads that. Any other value is asked for. Raises
    UsageError for a key that the app does not need or that follows from another.
    """
    known = [name for keys in file.wanted.keys.values() for name in keys]
    if key not in known:
        raise UsageError(f"{file.wanted.app} needs no such key; it needs {', '.join(known)}")
    if key in (USERNAME, DATABASE_URL):
        raise UsageError(f"{key} follows from the role; rotate its {PASSWORD}")
    secrets = {secret.name: secret for secret in file.decrypt()}
    holder = _holder(file, secrets, key)
    if key == PASSWORD:
        changed = _change_password(file, secrets, generated.password())
    elif key == SECRET_KEY:
        changed = _change_secret_key(file, secrets, holder)
    else:
        holder.put(key, give([key], [key])[key])
        changed = [key]
    file.encrypt(list(secrets.values()))
    return changed


def _holder(file: SecretsFile, secrets: Mapping[str, Secret], key: str) -> Secret:
    name = next(name for name, keys in file.wanted.keys.items() if key in keys)
    if name not in secrets or not secrets[name].text(key):
        raise OpsError(f"{file.path}: lacks {key}; `ops secrets init` adds it")
    return secrets[name]


def _change_password(file: SecretsFile, secrets: Mapping[str, Secret], password: str) -> list[str]:
    secrets[file.wanted.credentials].put(PASSWORD, password)
    changed = [PASSWORD]
    for secret in secrets.values():
        if url := secret.text(DATABASE_URL):
            secret.put(DATABASE_URL, _with_password(file, url, password))
            changed.append(DATABASE_URL)
    return changed


def _with_password(file: SecretsFile, url: str, password: str) -> str:
    try:
        return generated.with_password(url, password)
    except ValueError:
        problem = "DATABASE_URL is no address with a user"
        raise OpsError(f"{file.path}: {problem}; mend it with `ops secrets edit`") from None


def _change_secret_key(
    file: SecretsFile, secrets: Mapping[str, Secret], holder: Secret
) -> list[str]:
    former, changed = holder.text(SECRET_KEY), [SECRET_KEY]
    holder.put(SECRET_KEY, generated.secret_key())
    for name, keys in file.wanted.keys.items():
        if FALLBACKS in keys:
            secrets[name].put(FALLBACKS, former)
            changed.append(FALLBACKS)
    return changed
