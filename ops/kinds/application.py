"""Argo CD's Application: what is synced, from where and how."""

from collections.abc import Sequence

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Kind, Owner, Tree, no_references
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import APP_DELETION, APPLICATIONS, AUTOMATED_SYNC
from ops.objects.base import Object, Part, field

SUCCEEDED, RUNNING = "Succeeded", "Running"
FAILED = ("Failed", "Error")
"""The phases of a sync that is not tried again."""


class Directory(Part, frozen=True):
    """Which files of a folder are read."""

    include: str = ""
    exclude: str = ""
    recurse: bool = False


class Source(Part, frozen=True):
    """Where documents are read."""

    repo_url: str = field(default="", name="repoURL")
    target_revision: str = ""
    path: str = ""
    directory: Directory = Directory()
    chart: str = ""


class Destination(Part, frozen=True):
    """Where documents are applied."""

    server: str = ""
    name: str = ""
    namespace: str = ""


class Automated(Part, frozen=True):
    """What Argo CD does without being asked."""

    prune: bool = False
    self_heal: bool = False
    allow_empty: bool = False
    enabled: bool = True


class Backoff(Part, frozen=True):
    """The pauses between tries."""

    duration: str = ""


class Retry(Part, frozen=True):
    """How often a failed sync is tried again."""

    limit: int = 0
    backoff: Backoff = Backoff()


class SyncPolicy(Part, frozen=True):
    """When and how Argo CD syncs."""

    automated: Automated | None = None
    sync_options: list[str] = []
    retry: Retry = Retry()


class ApplicationSpec(Part, frozen=True):
    """What is synced, from where and how."""

    project: str = ""
    source: Source | None = None
    sources: list[Source] = []
    destination: Destination = Destination()
    sync_policy: SyncPolicy = SyncPolicy()


class HealthStatus(Part, frozen=True):
    """A health, and since when."""

    status: str = ""
    message: str = ""
    last_transition_time: str = ""


class ResourceResult(Part, frozen=True):
    """What Argo CD reports of one object."""

    kind: str = ""
    namespace: str = ""
    name: str = ""
    status: str = ""
    message: str = ""
    requires_pruning: bool = False
    hook_type: str = ""
    hook_phase: str = ""
    health: HealthStatus = HealthStatus()

    @property
    def is_bad(self) -> bool:
        """Whether it failed, or is degraded."""
        failed = self.hook_phase == "Failed" or self.status == "SyncFailed"
        return failed or self.health.status == "Degraded"


class SyncResult(Part, frozen=True):
    """What a sync did, of which commit."""

    revision: str = ""
    resources: list[ResourceResult] = []


class OperationState(Part, frozen=True):
    """The sync that runs, or the last one."""

    phase: str = ""
    message: str = ""
    started_at: str = ""
    finished_at: str = ""
    sync_result: SyncResult = SyncResult()

    @property
    def has_failed(self) -> bool:
        """Whether it failed: for good, or in a hook, which has had its own tries.

        A sync that waits to be tried again is Running, and has come to an end. What else failed in
        it is tried again: a Certificate is Degraded until cert-manager has begun with it.
        """
        if self.phase != RUNNING:
            return self.phase in FAILED
        results = self.sync_result.resources
        failed_hook = any(r.hook_type and r.hook_phase == "Failed" for r in results)
        return bool(self.finished_at) and failed_hook


class ApplicationCondition(Part, frozen=True):
    """What keeps Argo CD from comparing or syncing, or a warning."""

    type: str = ""
    message: str = ""


class SyncStatus(Part, frozen=True):
    """Whether the cluster is at the commit that Argo CD knows."""

    status: str = ""
    revision: str = ""


class ApplicationStatus(Part, frozen=True):
    """What Argo CD reports."""

    sync: SyncStatus = SyncStatus()
    health: HealthStatus = HealthStatus()
    conditions: list[ApplicationCondition] = []
    operation_state: OperationState = OperationState()
    resources: list[ResourceResult] = []


class Application(Object, frozen=True):
    """An Application."""

    spec: ApplicationSpec = ApplicationSpec()
    status: ApplicationStatus = ApplicationStatus()

    @property
    def sources(self) -> Sequence[Source]:
        """Where it reads documents; several take the place of the one."""
        return self.spec.sources or ([self.spec.source] if self.spec.source else [])


KIND = Kind(
    kind="Application",
    group="argoproj.io",
    version="v1alpha1",
    plural="applications",
    namespaced=True,
    model=Application,
    owner=Owner.ARGOCD,
    fields=Tree.from_paths(
        *("spec.project", "spec.source.repoURL", "spec.source.targetRevision"),
        *("spec.source.path", "spec.source.directory.include", "spec.destination.server"),
        *("spec.destination.namespace", "spec.syncPolicy.automated.prune"),
        *("spec.syncPolicy.automated.selfHeal", "spec.syncPolicy.automated.allowEmpty"),
        *("spec.syncPolicy.syncOptions", "spec.syncPolicy.retry.*"),
    ),
    guarded=True,
    needed=False,
    stage=None,
    kept=(),
    pods=None,
    refers_to=no_references,  # to its project, in Argo CD's namespace: argocd.E005
    holds=Data.NONE,
    health=None,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "metadata.finalizers",
            Effect.DATA_AT_RISK,
            "decides whether the app's objects are deleted with the Application",
            APP_DELETION,
        ),
        Rule(
            "spec.destination spec.project",
            Effect.DATA_AT_RISK,
            "the app moves to another cluster, namespace or project; nothing manages its "
            "current objects any more",
            APPLICATIONS,
        ),
        Rule(
            "spec.source spec.sources",
            Effect.UNKNOWN,
            "the app is read from another source: objects that are not in it are pruned",
            APPLICATIONS,
        ),
        Rule(
            "spec.syncPolicy",
            Effect.IN_PLACE,
            "how and when Argo CD syncs, from now on",
            AUTOMATED_SYNC,
        ),
        NEW,
    ),
)
