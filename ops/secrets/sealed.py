"""The encrypted file of an app: what can be said of it without a key, and what with one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ops import manifests
from ops.errors import ManifestError, OpsError
from ops.files import replace
from ops.manifests import Manifest
from ops.secrets import recipients, sops
from ops.secrets.secret import BASIC_AUTH, Secret
from ops.secrets.wanted import Wanted

SUFFIX = ".sops.yaml"
METADATA = "sops"
VALUES = ("data", "stringData")
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_FIELDS = {"apiVersion", "kind", "metadata", "type", "immutable", METADATA, *VALUES}
_ENCRYPTED = re.compile(
    r"ENC\[AES256_GCM,data:[^,\]]*,iv:[^,\]]+,tag:[^,\]]+,type:[a-z]+\]", re.ASCII
)


def flaw(file: Path) -> str:
    """Why a file is not one of encrypted Secrets, without repeating what is in it; else nothing."""
    if not file.name.endswith(SUFFIX):
        return f"is not a *{SUFFIX} file"
    try:
        documents = list(manifests.read(file))
    except ManifestError as error:
        return f"cannot be read as YAML of Secrets (line {error.line})"
    return next((found for document in documents if (found := _flaw(document.content))), "")


def _flaw(document: Mapping[str, Any]) -> str:
    if (document["apiVersion"], document["kind"]) != ("v1", "Secret"):
        return f"holds a {document['kind']}, where only Secrets belong"
    metadata = document.get(METADATA)
    if not isinstance(metadata, dict) or not _is_encrypted(metadata.get("mac")):
        return "is not encrypted by sops"
    if not all(_is_encrypted(value) for value in _values(document)):
        return "holds a value that is not encrypted"
    if LAST_APPLIED in (document["metadata"].get("annotations") or {}):
        return f"holds values in clear, in the annotation {LAST_APPLIED}"
    if unknown := sorted(set(document) - _FIELDS):
        return f"has the field {unknown[0]}, which is none of a Secret"
    return ""


def _is_encrypted(value: Any) -> bool:
    return isinstance(value, str) and bool(_ENCRYPTED.fullmatch(value))


def _values(document: Mapping[str, Any]) -> Iterator[Any]:
    for field in VALUES:
        values = document.get(field) or {}
        yield from values.values() if isinstance(values, dict) else [values]


@dataclass(frozen=True)
class SecretsFile:
    """secrets/<app>.sops.yaml."""

    wanted: Wanted

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.wanted.file

    def exists(self) -> bool:
        """Whether it is there."""
        return self.path.exists()

    def documents(self) -> list[Manifest]:
        """Its Secrets, still encrypted.

        Raises OpsError if it is missing, if it is not encrypted whole, or if it holds a Secret
        that is not this app's.
        """
        if not self.exists():
            raise OpsError(f"{self.path}: not there; `ops secrets init` makes it")
        if found := flaw(self.path):
            mend = "take the last good one with `git checkout`, and rotate what was in clear"
            raise OpsError(f"{self.path}: {found}; {mend}")
        documents = list(manifests.read(self.path))
        for document in documents:
            self._refuse_foreign(document)
        if len({document.name for document in documents}) < len(documents):
            raise OpsError(f"{self.path}: holds a Secret twice; join them with `ops secrets edit`")
        return documents

    def _refuse_foreign(self, document: Manifest) -> None:
        place = f"{self.path}:{document.line}"
        mend = "change it with `ops secrets edit`"
        if document.namespace != self.wanted.namespace:
            problem = f"is not of the namespace {self.wanted.namespace}"
            raise OpsError(f"{place}: {document} {problem}; {mend}")
        if document.name not in self.wanted.keys:
            names = ", ".join(self.wanted.keys)
            problem = f"is none that {self.wanted.app} uses ({names})"
            raise OpsError(f"{place}: {document} {problem}; {mend}")
        is_credentials = document.name == self.wanted.credentials
        if is_credentials and document.content.get("type") != BASIC_AUTH:
            raise OpsError(f"{place}: {document} is not of type {BASIC_AUTH}; {mend}")

    def keys(self) -> dict[str, set[str]]:
        """The keys by the Secret's name, which can be read without a private key."""
        return {
            document.name: {key for field in VALUES for key in document.content.get(field) or {}}
            for document in self.documents()
        }

    def decrypt(self) -> list[Secret]:
        """Its Secrets with their values."""
        self.documents()
        text = sops.decrypt(self.path)
        try:
            return [
                Secret(manifest.content) for manifest in manifests.parse(text.encode(), self.path)
            ]
        except ManifestError as error:
            # what is wrong could quote a value
            problem = f"what is encrypted in it is no YAML of Secrets (line {error.line} of it)"
            raise OpsError(f"{self.path}: {problem}; mend it with `ops secrets edit`") from None

    def encrypt(self, secrets: Sequence[Secret]) -> None:
        """Encrypts the Secrets for the recipients of .sops.yaml, into the file.

        Raises OpsError if sops leaves a value in clear, and the file is then as before.
        """
        if not recipients.read(sops.CONFIGURATION):
            raise OpsError(f"{sops.CONFIGURATION}: names no recipient; run `ops secrets init`")
        text = sops.encrypt(_as_yaml(secrets), self.path)
        for document in manifests.parse(text.encode(), self.path):
            if found := _flaw(document.content):
                mend = f"its rule in {sops.CONFIGURATION} must encrypt ^(data|stringData)$"
                raise OpsError(f"{self.path}: would not be safe, for it {found}; {mend}")
        replace(self.path, text.encode(), make_folder=True)


def _as_yaml(secrets: Sequence[Secret]) -> str:
    """All text in quotes: what is plain text to one reader of YAML is a number to another."""
    documents = [secret.document for secret in secrets]
    return yaml.safe_dump_all(
        documents, default_style='"', sort_keys=False, allow_unicode=True, width=float("inf")
    )
