"""Argo CD's AppProject: what Argo CD may deploy for an app."""

from ops.kinds.application import Destination
from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Kind, Owner, Tree, no_references
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import PROJECTS
from ops.objects.base import Object, Part


class AllowedKind(Part, frozen=True):
    """A kind that may be deployed, under every name or one."""

    group: str = ""
    kind: str = ""
    name: str = ""


class AppProjectSpec(Part, frozen=True):
    """From where, to where, and which kinds."""

    source_repos: list[str] = []
    destinations: list[Destination] = []
    cluster_resource_whitelist: list[AllowedKind] = []
    namespace_resource_whitelist: list[AllowedKind] = []


class AppProject(Object, frozen=True):
    """An AppProject."""

    spec: AppProjectSpec = AppProjectSpec()


KIND = Kind(
    kind="AppProject",
    group="argoproj.io",
    version="v1alpha1",
    plural="appprojects",
    namespaced=True,
    model=AppProject,
    owner=Owner.ARGOCD,
    fields=Tree.from_paths(
        *("spec.description", "spec.sourceRepos", "spec.destinations.*"),
        *("spec.clusterResourceWhitelist.*", "spec.namespaceResourceWhitelist.*"),
    ),
    guarded=True,
    needed=False,
    stage=None,
    kept=(),  # the root's alone: argocd.E008
    pods=None,
    refers_to=no_references,
    holds=Data.NONE,
    health=None,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "spec.description",
            Effect.NOTHING,
            "a description; nothing on the cluster reads it",
            PROJECTS,
        ),
        Rule(
            "spec",
            Effect.EXPOSES,
            "what Argo CD may deploy for the app, from where and to where",
            PROJECTS,
        ),
        NEW,
    ),
)
