"""The steps of a deploy, each stopping the rest when it fails."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path

from ops.cluster import app_namespace
from ops.cluster.client import Cluster
from ops.declarations.synth import RENDERED
from ops.deploy import direct, lock, published, receipt
from ops.deploy.delivery import Delivery
from ops.deploy.receipt import Receipt
from ops.documents.fleet import App, Fleet
from ops.errors import ClusterError, OpsError
from ops.host.git import git
from ops.kinds.application import Application
from ops.kinds.namespace import Namespace
from ops.manage import migration_guard
from ops.secrets.apply import Applying
from ops.secrets.present import missing
from ops.secrets.sealed import SecretsFile
from ops.secrets.wanted import Wanted

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Deploy:
    """A deploy of one app as it is committed."""

    cluster: Cluster
    fleet: Fleet
    app: App
    say: Say
    is_direct: bool
    skipped: Container[str] = ()
    """The checks of the preflight that the operator skips, by id."""

    def run(self) -> Receipt:
        """Gate, preflight, lock, secrets, sync; then the receipt, also if that failed.

        Raises OpsError with the reason at the first step that fails.
        """
        commit = committed()
        if not self.is_direct:
            published.require(self.fleet.platform, commit, self.say)
        self.say("gate")
        gate()
        self.preflight()
        app_namespace.ensure(self.cluster, self.app.manifest(Namespace))
        with lock.locked(self.cluster, self.app.namespace, self.app.name) as held:
            migration_guard.require_none(self.cluster, self.app, but_of_syncs=not self.is_direct)
            started = receipt.now()
            try:
                self.apply_secrets()
                self.sync(commit, held.renew)
            except (OpsError, KeyboardInterrupt) as error:
                # The lines after the first may be a pod's log, which may hold anything.
                self.keep(commit, started, "failed", str(error).partition("\n")[0] or "interrupted")
                raise
            return self.keep(commit, started, "deployed")

    def preflight(self) -> None:
        """OpsError unless every check passes, but for what a deploy itself fixes."""
        from ops.preflight import checklist, preflight_screen  # noqa: PLC0415 (only for a deploy)
        from ops.preflight.skipping import skipping  # noqa: PLC0415

        title = f"{self.app.name} on {self.cluster.context}"
        asked = checklist.begin_all(
            self.fleet, self.app, self.cluster, with_argocd=not self.is_direct
        )
        results = preflight_screen.show(title, asked)
        stops = [result.id for result in results if result.stops_a_deploy]
        if found := [check for check in stops if check not in self.skipped]:
            deploy = skipping(
                self.cluster, self.fleet.platform, self.app, stops, is_direct=self.is_direct
            )
            fix = f"fix it, or skip it: {deploy}"
            raise OpsError(f"the preflight stops the deploy: {', '.join(found)}; {fix}")

    def apply_secrets(self) -> None:
        """Apply the app's encrypted file, if it has one; what else the pods need must be there.

        OpsError unless the cluster then has every key.
        """
        self.say("secrets")
        wanted = Wanted.by(self.app)
        if SecretsFile(wanted).exists():
            applying = Applying(self.cluster, wanted, self.app.manifest(Namespace))
            for outcome in applying.run(platform=False):
                self.say(f"  {outcome}")
        for name, keys in missing(self.cluster, self.app).items():
            problem = f"Secret {name} lacks {', '.join(keys)}"
            raise OpsError(f"{problem}; `ops secrets init --app {self.app.name}` creates them")

    def sync(self, commit: str, keep_lock: Callable[[], None]) -> None:
        """Apply the documents to the cluster."""
        if self.is_direct:
            direct.sync(self.cluster, self.app, self.say, keep_lock)
            return
        if not self.cluster.serves(Application):
            raise OpsError("the cluster has no Argo CD; --direct deploys without it")
        Delivery(self.cluster, self.fleet, self.app, commit, self.say, keep_lock).run()

    def keep(self, commit: str, started: str, outcome: str, reason: str = "") -> Receipt:
        """Keep the receipt in the cluster; one that cannot be is reported, and stops nothing."""
        made = Receipt(
            started=started,
            finished=receipt.now(),
            operator=lock.operator(),
            commit=commit,
            image=self.app.image,
            outcome=outcome,
            reason=reason,
        )
        try:
            receipt.keep(self.cluster, self.app, made)
        except ClusterError as error:
            self.say(f"the receipt could not be written: {error}")
        return made


def committed() -> str:
    """The commit of the work tree; OpsError if what is rendered is not what is committed."""
    if changed := git(Path(), "status", "--porcelain", "--", *RENDERED).strip():
        raise OpsError(f"not committed; commit these changes before you deploy:\n{changed}")
    return git(Path(), "rev-parse", "HEAD").strip()


def gate() -> None:
    """OpsError unless `ops gate` passes."""
    from ops.gate import inspection  # noqa: PLC0415 (a second's work, only for a deploy)

    result = inspection.run([Path(name) for name in RENDERED], Path(), whole_repository=True)
    if not result.passed:
        found = "\n".join(map(str, result.findings))
        raise OpsError(f"the gate stops the deploy:\n{found}")
