"""The encrypted file of an app: what can be read without a private key, and with one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ops.documents import manifest_files
from ops.documents.manifest import Manifest
from ops.errors import ManifestError, OpsError
from ops.host.files import replace
from ops.secrets import recipients, sops
from ops.secrets.decrypted import LARGEST, OPAQUE, DecryptedSecret
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
        documents = list(manifest_files.read(file))
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
        return f"holds unencrypted values in the annotation {LAST_APPLIED}"
    if unknown := sorted(set(document) - _FIELDS):
        return f"has the field {unknown[0]}, which a Secret does not have"
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
            fix = "restore the last good one with `git checkout`, and rotate what was unencrypted"
            raise OpsError(f"{self.path}: {found}; {fix}")
        documents = list(manifest_files.read(self.path))
        for document in documents:
            self._refuse_foreign(document)
        if len({document.name for document in documents}) < len(documents):
            raise OpsError(
                f"{self.path}: holds the same Secret twice; merge them with `ops secrets edit`"
            )
        return documents

    def _refuse_foreign(self, document: Manifest) -> None:
        place = f"{self.path}:{document.line}"
        fix = "change it with `ops secrets edit`"
        if document.namespace != self.wanted.namespace:
            problem = f"is not of the namespace {self.wanted.namespace}"
            raise OpsError(f"{place}: {document} {problem}; {fix}")
        if document.name not in self.wanted.keys:
            names = ", ".join(self.wanted.keys)
            problem = f"is not one that {self.wanted.app} uses ({names})"
            raise OpsError(f"{place}: {document} {problem}; {fix}")
        type_ = self.wanted.type_of(document.name)
        if type_ not in (OPAQUE, document.content.get("type")):
            raise OpsError(f"{place}: {document} is not of type {type_}; {fix}")

    def keys(self) -> dict[str, set[str]]:
        """The keys by the Secret's name, which can be read without a private key."""
        return {
            document.name: {key for field in VALUES for key in document.content.get(field) or {}}
            for document in self.documents()
        }

    def decrypt(self) -> list[DecryptedSecret]:
        """Its Secrets with their values."""
        self.documents()
        text = sops.decrypt(self.path)
        try:
            return [
                DecryptedSecret(manifest.content)
                for manifest in manifest_files.manifests(text.encode(), self.path)
            ]
        except ManifestError as error:
            # what is wrong could quote a value
            problem = f"its decrypted content is not YAML of Secrets (line {error.line} of it)"
            raise OpsError(f"{self.path}: {problem}; fix it with `ops secrets edit`") from None

    def encrypt(self, secrets: Sequence[DecryptedSecret]) -> None:
        """Encrypts the Secrets for the recipients of .sops.yaml, into the file.

        Raises OpsError if a Secret is too large, or if sops leaves a value in clear, and the file
        is then as before.
        """
        for secret in secrets:
            if (size := sum(map(len, secret.values().values()))) > LARGEST:
                problem = f"Secret {secret.name} would have {size} bytes, at most {LARGEST} fit"
                raise OpsError(f"{self.path}: {problem}; give smaller values")
        if not recipients.read(sops.CONFIGURATION):
            raise OpsError(f"{sops.CONFIGURATION}: names no recipient; run `ops secrets init`")
        text = sops.encrypt(_as_yaml(secrets), self.path)
        for document in manifest_files.manifests(text.encode(), self.path):
            if found := _flaw(document.content):
                fix = f"its rule in {sops.CONFIGURATION} must encrypt ^(data|stringData)$"
                raise OpsError(f"{self.path}: not written, because it {found}; {fix}")
        replace(self.path, text.encode(), make_folder=True)


def _as_yaml(secrets: Sequence[DecryptedSecret]) -> str:
    """All text in quotes: what is plain text to one reader of YAML is a number to another."""
    documents = [secret.document for secret in secrets]
    return yaml.safe_dump_all(
        documents, default_style='"', sort_keys=False, allow_unicode=True, width=float("inf")
    )
