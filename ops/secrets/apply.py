"""`ops secrets apply`: applies the file's Secrets to the cluster.

The order keeps the running app connected for as long as can be: docs/decisions/0007-secrets.md.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from ops.cluster import app_namespace
from ops.cluster.client import Cluster
from ops.documents.manifest import Manifest
from ops.errors import OpsError
from ops.kinds.namespace import Namespace
from ops.kinds.secret import Secret
from ops.secrets import agreement, unusual
from ops.secrets.content import Content
from ops.secrets.decrypted import DecryptedSecret
from ops.secrets.sealed import SecretsFile
from ops.secrets.wanted import Wanted
from railiance.secret_names import PASSWORD, USERNAME

RELOAD = {"cnpg.io/reload": "true"}
"""With this label CloudNativePG takes over a changed password at once."""
CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
EQUAL, MISSING = "equal", "missing"


@dataclass(frozen=True)
class Outcome:
    """What became of one object."""

    object: str
    result: str
    note: str = ""

    def __str__(self) -> str:
        """A line; it names keys, never values."""
        return f"{self.object}: {self.result}{f' ({self.note})' if self.note else ''}"


@dataclass(frozen=True)
class Applying:
    """An app's Secrets on their way to a cluster."""

    cluster: Cluster
    wanted: Wanted
    namespace: Manifest
    """The app's Namespace as rendered."""

    def run(self, *, platform: bool) -> list[Outcome]:
        """Applies the file's Secrets; with ``platform``, the credentials for PostgreSQL too.

        The credentials of a role that is declared with the app are the app's, and always applied.
        Everything is decrypted, complete and compared before anything is written. Raises OpsError
        if the file lacks a key, or if PostgreSQL has another password and the credentials are not
        applied: pods that start would be locked out.
        """
        writes_credentials = platform or self.wanted.declares_role
        file = SecretsFile(self.wanted)
        content = Content.by(self.wanted, file.decrypt())
        agreement.refuse_incomplete(content)
        agreement.refuse_disagreeing(content)
        if writes_credentials:
            self._refuse_missing_namespace()
        secrets = content.secrets
        credentials = secrets[self.wanted.credentials]
        before = self._live(credentials, self.wanted.platform_namespace)
        if not writes_credentials:
            self._refuse_lockout(credentials, before)
        return [
            *(Outcome(str(self.wanted.file), question) for question in unusual.in_content(content)),
            *self._make_namespace(),
            *(self._apply(secret, self.wanted.namespace) for secret in secrets.values()),
            self._on_platform(credentials, before, write=writes_credentials),
        ]

    def _refuse_missing_namespace(self) -> None:
        place = self.wanted.platform_namespace
        if self.cluster.get(Namespace, place) is None:
            problem = f"the cluster has no Namespace {place}, where PostgreSQL's credentials belong"
            fix = "the platform creates it with the database: docs/how-to/prepare-the-cluster.md"
            raise OpsError(f"nothing was applied: {problem}; {fix}")

    def _refuse_lockout(self, credentials: DecryptedSecret, live: Secret | None) -> None:
        if live is None or _holds(live, credentials):
            return
        place = f"{self.wanted.platform_namespace}/{credentials.name}"
        raise OpsError(
            f"nothing was applied: Secret {place}, from which PostgreSQL takes the role's "
            f"password, differs from {self.wanted.file}; write both with --platform, or take "
            "over the platform's password: docs/how-to/secrets.md"
        )

    def _make_namespace(self) -> list[Outcome]:
        """On an empty cluster Secrets come first."""
        made = app_namespace.ensure(self.cluster, self.namespace)
        return [Outcome(str(self.namespace), CREATED)] if made else []

    def _live(self, secret: DecryptedSecret, namespace: str) -> Secret | None:
        return self.cluster.get(Secret, secret.name, namespace)

    def _apply(
        self, secret: DecryptedSecret, namespace: str, labels: Mapping[str, str] | None = None
    ) -> Outcome:
        """Applies one Secret. Keys that only the cluster has stay: pods may still read them."""
        live = self._live(secret, namespace)
        name = f"Secret {namespace}/{secret.name}"
        if live and live.type != secret.type:
            problem = f"is of type {live.type}, not {secret.type}, which cannot be changed"
            fix = f"`kubectl --namespace {namespace} delete secret {secret.name}`, then apply"
            raise OpsError(f"{name}: {problem}; {fix}")
        there = live.data if live else {}
        made = secret.applied(namespace, there, labels or {})
        self.cluster.apply(made)
        if live is None:
            return Outcome(name, CREATED)
        changed = sorted(key for key, value in made["data"].items() if there.get(key) != value)
        return Outcome(name, CHANGED if changed else UNCHANGED, ", ".join(changed))

    def _on_platform(
        self, credentials: DecryptedSecret, before: Secret | None, *, write: bool
    ) -> Outcome:
        """The credentials from which CloudNativePG sets the role's password: last of all."""
        if write:
            return self._apply(credentials, self.wanted.platform_namespace, RELOAD)
        name = f"Secret {self.wanted.platform_namespace}/{credentials.name}"
        if before is None:
            note = "created by railiance-platform, or by you with --platform"
            return Outcome(name, MISSING, note)
        return Outcome(name, EQUAL)


def _holds(live: Secret, credentials: DecryptedSecret) -> bool:
    """Whether a Secret on the cluster has the same user name and password."""
    values = credentials.values()
    return all(
        base64.b64encode(values[key]).decode() == live.data.get(key) for key in (USERNAME, PASSWORD)
    )
