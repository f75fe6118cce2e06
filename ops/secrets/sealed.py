"""The encrypted file of an app: what can be read without a private key, and with one."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ops.documents import manifest_files
from ops.documents.manifest import Manifest
from ops.errors import ManifestError, OpsError
from ops.host.files import replace
from ops.secrets import readers, recipients, sops
from ops.secrets.decrypted import LARGEST, OPAQUE, DecryptedSecret
from ops.secrets.flaw import (
    ENCRYPTED_OTHERWISE,
    ENCRYPTED_WHOLE,
    NOTHING_TO_ROTATE,
    Flaw,
    holds_other,
    unreadable,
)
from ops.secrets.wanted import Wanted

SUFFIX = ".sops.yaml"
METADATA = "sops"
VALUES = ("data", "stringData")
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_FIELDS = {"apiVersion", "kind", "metadata", "type", "immutable", METADATA, *VALUES}
_ENCRYPTED = re.compile(
    r"ENC\[AES256_GCM,data:[^,\]]*,iv:[^,\]]+,tag:[^,\]]+,type:[a-z]+\]", re.ASCII
)


def flaw(file: Path) -> Flaw | None:
    """What is wrong with a file in secrets/; None if all its values are encrypted."""
    found = _content_flaw(file)
    if file.name.endswith(SUFFIX):
        return found
    if found and found.fix.endswith(NOTHING_TO_ROTATE):
        return found
    problem = f"is not a *{SUFFIX} file"
    name = f"{file.name.partition('.')[0]}{SUFFIX}"
    return Flaw(problem) if found else Flaw(problem, f"rename it to {name}")


def _content_flaw(file: Path) -> Flaw | None:
    try:
        documents = list(manifest_files.read(file))
    except ManifestError as error:
        return unreadable(file.read_bytes(), error)
    return next((found for document in documents if (found := _flaw(document.content))), None)


def _flaw(document: Mapping[str, Any]) -> Flaw | None:
    metadata = document["metadata"]
    names = (metadata["name"], metadata.get("namespace"), document.get("type"))
    if any(map(_is_encrypted, (document["kind"], *names))):
        return _flaw_of_secret(document) or ENCRYPTED_WHOLE
    if document["kind"] in ENCRYPTED_OTHERWISE:
        return holds_other(document["kind"])
    if (document["apiVersion"], document["kind"]) != ("v1", "Secret"):
        return Flaw(f"holds a {document['kind']}, where only Secrets belong")
    return _flaw_of_secret(document)


def _flaw_of_secret(document: Mapping[str, Any]) -> Flaw | None:
    metadata = document.get(METADATA)
    if not isinstance(metadata, dict) or not _is_encrypted(metadata.get("mac")):
        return Flaw("is not encrypted by sops")
    if not all(_is_encrypted(value) for value in _values(document)):
        return Flaw("holds a value that is not encrypted")
    if LAST_APPLIED in (document["metadata"].get("annotations") or {}):
        return Flaw(f"holds unencrypted values in the annotation {LAST_APPLIED}")
    if unknown := sorted(set(document) - _FIELDS):
        return Flaw(f"has the field {unknown[0]}, which a Secret does not have")
    return None


def _is_encrypted(value: Any) -> bool:
    return isinstance(value, str) and bool(_ENCRYPTED.fullmatch(value))


def _values(document: Mapping[str, Any]) -> Iterator[Any]:
    for field in VALUES:
        values = document.get(field) or {}
        yield from values.values() if isinstance(values, dict) else [values]


def foreign(document: Manifest, wanted: Wanted) -> str:
    """Why a Secret is not one that an app has; empty if it is."""
    if document.namespace != wanted.namespace:
        return f"is not of the namespace {wanted.namespace}"
    if document.name not in wanted.keys:
        return f"is not one that {wanted.app} uses ({', '.join(wanted.keys)})"
    type_ = wanted.type_of(document.name)
    return "" if type_ in (OPAQUE, document.content.get("type")) else f"is not of type {type_}"


def keys_in(documents: Iterable[Manifest]) -> dict[str, set[str]]:
    """The keys of encrypted Secrets by the Secret's name."""
    return {
        document.name: {key for field in VALUES for key in document.content.get(field) or {}}
        for document in documents
    }


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
            raise OpsError(f"{self.path}: not there; `{self.wanted.command('init')}` makes it")
        if found := flaw(self.path):
            raise OpsError(f"{self.path}: {found}; restore the last good one, or {found.fix}")
        documents = list(manifest_files.read(self.path))
        for document in documents:
            self._refuse_foreign(document)
        if len({document.name for document in documents}) < len(documents):
            raise OpsError(
                f"{self.path}: holds the same Secret twice; merge them with"
                f" `{self.wanted.command('edit')}`"
            )
        return documents

    def _refuse_foreign(self, document: Manifest) -> None:
        if problem := foreign(document, self.wanted):
            fix = f"change it with `{self.wanted.command('edit')}`"
            raise OpsError(f"{self.path}:{document.line}: {document} {problem}; {fix}")

    def keys(self) -> dict[str, set[str]]:
        """The keys by the Secret's name, which can be read without a private key."""
        return keys_in(self.documents())

    def decrypt(self) -> list[DecryptedSecret]:
        """Its Secrets with their values."""
        self.documents()
        readers.refuse_unknown(self.path)
        text = sops.decrypt(self.path)
        try:
            return [
                DecryptedSecret(manifest.content)
                for manifest in manifest_files.manifests(text.encode(), self.path)
            ]
        except ManifestError as error:
            # what is wrong could quote a value
            problem = f"its decrypted content is not YAML of Secrets (line {error.line} of it)"
            fix = f"fix it with `{self.wanted.command('edit')}`"
            raise OpsError(f"{self.path}: {problem}; {fix}") from None

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
            fix = f"run `{self.wanted.command('init')}`"
            raise OpsError(f"{sops.CONFIGURATION}: names no recipient; {fix}")
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
