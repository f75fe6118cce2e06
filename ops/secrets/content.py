"""What an app's file holds, decrypted, by the keys that the app needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from ops.errors import OpsError
from ops.secrets.decrypted import DecryptedSecret
from ops.secrets.repeated import FORMS, password_in
from ops.secrets.wanted import Wanted
from ops.secrets.wanted_key import VALKEY_ACL, WantedKey


@dataclass(frozen=True)
class Content:
    """The Secrets of an app, in memory alone."""

    wanted: Wanted
    secrets: dict[str, DecryptedSecret]

    @classmethod
    def by(cls, wanted: Wanted, secrets: Iterable[DecryptedSecret]) -> "Content":
        """Those of a file."""
        return cls(wanted, {secret.name: secret for secret in secrets})

    def text(self, key: WantedKey) -> str:
        """The value of a key as text; empty if there is none."""
        secret = self.secrets.get(key.secret)
        return secret.text(key.name) if secret else ""

    def put(self, key: WantedKey, value: str | bytes) -> None:
        """Set a value, in a Secret that is added if it is not there."""
        name = key.secret
        if name not in self.secrets:
            new = DecryptedSecret.new(name, self.wanted.namespace, self.wanted.type_of(name))
            self.secrets[name] = new
        self.secrets[name].put(key.name, value)

    @property
    def missing(self) -> list[WantedKey]:
        """The keys without a value."""
        return [key for key in self.wanted.all_keys if not self.text(key)]

    def password(self, source: str) -> str:
        """The password of a kind that holds one, or as another key repeats it; empty if none does.

        Raises OpsError, which names the key, for a value in which none can be found.
        """
        for key in (*self.wanted.of(source), *self.wanted.repeating(source)):
            if text := self.text(key):
                try:
                    return password_in(key, text)
                except ValueError:  # which could quote the value
                    form = f", as {FORMS[key.kind]} does" if key.kind == VALKEY_ACL else ""
                    problem = f"{key.name} holds no password{form}"
                    fix = f"fix it with `{self.wanted.command('edit')}`"
                    raise OpsError(f"{self.wanted.file}: {problem}; {fix}") from None
        return ""
