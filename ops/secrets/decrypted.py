"""One Secret with its values, which stay in memory."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.errors import OpsError

OPAQUE = "Opaque"
LARGEST = 1 << 20
"""The bytes that a Secret can hold. Source: Kubernetes, "Secrets", "Size limit"."""


@dataclass(frozen=True)
class DecryptedSecret:
    """A Secret as it stands in the file, decrypted. Its values are in no message and no repr."""

    document: dict[str, Any] = field(repr=False)

    @classmethod
    def new(cls, name: str, namespace: str, type_: str = OPAQUE) -> "DecryptedSecret":
        """One that holds nothing yet."""
        metadata = {"name": name, "namespace": namespace}
        return cls({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": type_})

    @property
    def name(self) -> str:
        """The Secret's name."""
        return str(self.document["metadata"]["name"])

    @property
    def type(self) -> str:
        """The Secret's type, which no one can change later."""
        return str(self.document.get("type") or OPAQUE)

    def values(self) -> dict[str, bytes]:
        """The values by key, as a pod gets them: stringData wins over data.

        Raises OpsError, which names the key alone, for a value that is no text or no base64.
        """
        return {
            **{key: self._decoded(key, value) for key, value in self._field("data").items()},
            **{key: self._text(key, value) for key, value in self._field("stringData").items()},
        }

    def text(self, key: str) -> str:
        """A value that is text; empty if there is none."""
        return self.values().get(key, b"").decode(errors="replace")

    def put(self, key: str, value: str | bytes) -> None:
        """Set a value: a text as it is, bytes in base64, so that each of them is kept."""
        if isinstance(value, str):
            self._store(key, value, "stringData", instead_of="data")
        else:
            encoded = base64.b64encode(value).decode()
            self._store(key, encoded, "data", instead_of="stringData")

    def _store(self, key: str, text: str, field: str, *, instead_of: str) -> None:
        if key in self._field(instead_of):
            del self.document[instead_of][key]
        self.document[field] = {**self._field(field), key: text}

    def applied(
        self, namespace: str, keep: Mapping[str, str], labels: Mapping[str, str]
    ) -> dict[str, Any]:
        """What is applied to the cluster: all values as data, and what is kept of those there.

        The API server turns stringData into data but remembers who owns which, so that a key
        which leaves stringData would stay for ever.
        """
        given = {key: base64.b64encode(value).decode() for key, value in self.values().items()}
        rest = {k: v for k, v in self.document.items() if k not in ("data", "stringData")}
        own = self.document["metadata"]
        metadata = {
            **own,
            "namespace": namespace,
            "labels": {**own.get("labels", {}), **labels},
        }
        return {**rest, "metadata": metadata, "type": self.type, "data": {**keep, **given}}

    def _field(self, name: str) -> dict[str, Any]:
        return dict(self.document.get(name) or ())

    def _decoded(self, key: str, value: Any) -> bytes:
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError, TypeError):
            problem = f"Secret {self.name}: data.{key} is not valid base64"
            raise OpsError(f"{problem}; write it as text below stringData") from None

    def _text(self, key: str, value: Any) -> bytes:
        if not isinstance(value, str):
            problem = f"Secret {self.name}: stringData.{key} is not a string"
            app = self.document["metadata"]["namespace"]
            raise OpsError(f"{problem}; put it in quotes with `ops secrets edit --app {app}`")
        return value.encode()
