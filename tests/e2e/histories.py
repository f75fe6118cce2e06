"""Made-up histories, each hostile in its own way to whoever would foretell what Argo CD does."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from ops.documents.manifest import Manifest
from ops.documents.manifest_files import manifests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.objects.base import Document

ARGOCD = "argocd.argoproj.io/"
HELD = "example.org/held"
"""A finalizer that keeps an object for a while after it was deleted."""
SLOW_SECONDS = 3
"""How long it takes until something slow is healthy: longer than Argo CD rests between waves."""
VERY_SLOW_SECONDS = 60
"""How long it takes where nobody waits for it: longer than the whole sync."""
PROJECT = "histories"
FAILS = "registry.example.org/migration-fails:1"

APIS = {
    "CronJob": "batch/v1",
    "Job": "batch/v1",
    "Deployment": "apps/v1",
    "DaemonSet": "apps/v1",
    "StatefulSet": "apps/v1",
    "Ingress": "networking.k8s.io/v1",
    "IngressClass": "networking.k8s.io/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Role": "rbac.authorization.k8s.io/v1",
    "RoleBinding": "rbac.authorization.k8s.io/v1",
    "ClusterRoleBinding": "rbac.authorization.k8s.io/v1",
    "PriorityClass": "scheduling.k8s.io/v1",
    "StorageClass": "storage.k8s.io/v1",
    "CustomResourceDefinition": "apiextensions.k8s.io/v1",
    "Database": "postgresql.cnpg.io/v1",
    "DatabaseRole": "postgresql.cnpg.io/v1",
    "Certificate": "cert-manager.io/v1",
    "Middleware": "traefik.io/v1alpha1",
    "Novelty": "example.org/v1",
    "Application": "argoproj.io/v1alpha1",
    "AppProject": "argoproj.io/v1alpha1",
}
CLUSTER_WIDE = {
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "Namespace",
    "PersistentVolume",
    "PriorityClass",
    "StorageClass",
}


@dataclass(frozen=True)
class History:
    """What an app's documents are, one state after the other; None once the app is removed."""

    name: str
    states: list[list[Document] | None]
    options: tuple[str, ...] = ("ServerSideApply=true",)
    namespace_is_there: bool = True
    """Whether the destination's namespace is there before the app."""
    fails: dict[int, str] = field(default_factory=dict)
    """Which hook fails in which state."""
    unheld: str = ""
    """Something slow that no sync waits for."""

    @property
    def namespace(self) -> str:
        return f"h-{self.name}"

    def application(self, source: Document) -> Document:
        """The Application, which syncs by itself, once for each commit, and heals nothing."""
        return {
            "apiVersion": APIS["Application"],
            "kind": "Application",
            "metadata": {
                "name": self.name,
                "namespace": "argocd",
                "finalizers": ["resources-finalizer.argocd.argoproj.io"],
            },
            "spec": {
                "project": PROJECT,
                "source": {
                    **source,
                    "path": "dist",
                    "directory": {"include": f"{self.name}.yaml"},
                },
                "destination": {
                    "server": "https://kubernetes.default.svc",
                    "namespace": self.namespace,
                },
                "syncPolicy": {
                    "automated": {"prune": True, "selfHeal": False},
                    "syncOptions": list(self.options),
                    "retry": {"limit": 0},
                },
            },
        }


def project(source: Document) -> Document:
    """The AppProject of all histories, which allows everything from their repository."""
    return {
        "apiVersion": APIS["AppProject"],
        "kind": "AppProject",
        "metadata": {"name": PROJECT, "namespace": "argocd"},
        "spec": {
            "sourceRepos": [source["repoURL"]],
            "destinations": [{"server": "*", "namespace": "*"}],
            "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
        },
    }


def thing(kind: str, name: str, wave: int | str | None = None, **more: Any) -> Document:
    """A small object. `hook`, `policy`, `options` are Argo CD's; other keywords go into it."""
    notes = {
        f"{ARGOCD}{key}": str(value)
        for key, value in (
            ("sync-wave", wave),
            ("hook", more.pop("hook", None)),
            ("hook-delete-policy", more.pop("policy", None)),
            ("sync-options", more.pop("options", None)),
        )
        if value is not None
    }
    notes |= more.pop("annotations", {})
    metadata: Document = {"name": name, **more.pop("metadata", {})}
    if notes:
        metadata["annotations"] = notes
    own = SPECS.get(kind, lambda _: {})(str(more.pop("version", "1")))
    return {
        "apiVersion": APIS.get(kind, "v1"),
        "kind": kind,
        "metadata": metadata,
        **own,
        **more,
    }


def manifest(document: Document) -> Manifest:
    """The document as the operator's tool reads it."""
    (found,) = manifests(yaml.safe_dump(document).encode(), Path("dist/made-up.yaml"))
    return found


def pod(version: str, **more: Any) -> Document:
    image = version if "/" in version else f"registry.example.org/thing:{version}"
    return {"containers": [{"name": "main", "image": image}], **more}


def workload(version: str, **more: Any) -> Document:
    labels = {"app": "thing"}
    template = {"metadata": {"labels": labels}, "spec": pod(version)}
    return {"spec": {"selector": {"matchLabels": labels}, "template": template} | more}


def run(version: str, **more: Any) -> Document:
    template = {"spec": pod(version, restartPolicy="Never")}
    return {"spec": {"backoffLimit": 0, "template": template} | more}


def slow(name: str, wave: int | str | None, version: str, seconds: int = SLOW_SECONDS) -> Document:
    """A Deployment that is healthy only after a while."""
    spec = workload(version, minReadySeconds=seconds)
    return thing("Deployment", name, wave, version=version, **spec)


def long_run(name: str, wave: int | str | None = None, version: str = "1", **more: Any) -> Document:
    """A Job whose pods run one after the other."""
    return thing("Job", name, wave, **run(version, completions=3), **more)


SPECS: dict[str, Any] = {
    "ConfigMap": lambda version: {"data": {"version": version}},
    "Deployment": workload,
    "StatefulSet": lambda version: workload(version, serviceName="thing"),
    "Job": run,
    "CronJob": lambda version: {"spec": {"schedule": "0 3 1 1 *", "jobTemplate": run(version)}},
    "Service": lambda version: {
        "spec": {"selector": {"app": "thing", "version": version}, "ports": [{"port": 80}]}
    },
    "NetworkPolicy": lambda version: {
        "spec": {"podSelector": {"matchLabels": {"version": version}}, "policyTypes": ["Ingress"]}
    },
    "PodDisruptionBudget": lambda _: {
        "spec": {"minAvailable": 0, "selector": {"matchLabels": {"app": "none"}}}
    },
    "Role": lambda version: {
        "rules": [
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"], "resourceNames": [version]}
        ]
    },
    "RoleBinding": lambda version: {
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": version},
        "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": "default"}],
    },
    "Ingress": lambda version: {
        "spec": {
            "ingressClassName": "traefik",
            "defaultBackend": {"service": {"name": f"v{version}", "port": {"number": 80}}},
        }
    },
    "ClusterRoleBinding": lambda version: {
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": version}
    },
    "PriorityClass": lambda _: {"value": 1},
    "StorageClass": lambda _: {"provisioner": "example.org/none"},
    "Database": lambda _: {
        "spec": {"name": "data", "owner": "owner", "cluster": {"name": "apps-pg"}}
    },
    "DatabaseRole": lambda _: {"spec": {"name": "owner", "cluster": {"name": "apps-pg"}}},
    "Certificate": lambda version: {
        "spec": {
            "secretName": "tls",
            "dnsNames": [f"v{version}.example.org"],
            "issuerRef": {"name": "none"},
        }
    },
    "Middleware": lambda version: {"spec": {"headers": {"customRequestHeaders": {"X-V": version}}}},
    "PersistentVolumeClaim": lambda _: {
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "local-path",
            "resources": {"requests": {"storage": "1Gi"}},
        }
    },
}

NOVELTY = thing(
    "CustomResourceDefinition",
    "novelties.example.org",
    7,
    spec={
        "group": "example.org",
        "scope": "Namespaced",
        "names": {"kind": "Novelty", "plural": "novelties"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "x-kubernetes-preserve-unknown-fields": True,
                    }
                },
            }
        ],
    },
)


def all_kinds(version: str, *more: Document) -> list[Document]:
    """Many kinds and no wave at all, in no order."""
    kinds = (
        "Ingress CronJob Deployment Service Role PersistentVolumeClaim ConfigMap"
        " ServiceAccount PodDisruptionBudget NetworkPolicy"
    )
    found = [thing(kind, "one", version=version) for kind in kinds.split()]
    found += [thing(kind, f"kinds-{kind.lower()}") for kind in ("PriorityClass", "StorageClass")]
    custom = [("Middleware", "a"), ("Certificate", "b"), ("Middleware", "c"), ("Middleware", "d")]
    custom += [("Certificate", "d"), ("Database", "e")]
    found += [thing(kind, name, version=version) for kind, name in custom]
    found += [thing("Job", "once"), thing("RoleBinding", "one"), thing("ConfigMap", "two")]
    return [*found, *more]


def waves(version: str, *more: Document) -> list[Document]:
    """Waves below and above 0, and some that are none; slow things in most."""
    return [
        thing("ConfigMap", "first", -20, version=version),
        slow("early", "-3", version),
        thing("Database", "data", -2),
        thing("ServiceAccount", "account", -2),
        thing("ConfigMap", "plus", "+2", version=version),
        thing("ConfigMap", "none", "two"),
        thing("ConfigMap", "unset", version=version),
        thing("Service", "unset", version=version),
        thing("Certificate", "tls", 1, version=version),
        thing("Ingress", "web", 2, version=version),
        slow("late", 3, version, VERY_SLOW_SECONDS),
        *more,
    ]


def hooks(version: str, last: str = "1") -> list[Document]:
    """Hooks in every phase, two in one wave, and with each delete policy."""
    return [
        thing("Job", "before-a", 5, hook="PreSync", version=version),
        thing("Job", "before-b", -5, hook="PreSync", policy="HookSucceeded", version=version),
        thing("ConfigMap", "before-c", 5, hook="PreSync"),
        thing("Job", "one-of-two", -1, hook="Sync", policy="BeforeHookCreation", version=version),
        long_run("two-of-two", -1, version, hook="Sync", policy="HookFailed,BeforeHookCreation"),
        thing("ServiceAccount", "account", -1),
        thing("Job", "never", hook="SyncFail"),
        thing("ConfigMap", "settings", version=version),
        slow("web", 0, version),
        thing("Job", "after", hook="PostSync", policy="HookSucceeded,HookFailed", version=version),
        thing("Job", "after-all", 1, hook="PostSync", version=last),
        thing("Job", "skipped", hook="Skip"),
        thing("Job", "unknown", hook="Never"),
        thing("Job", "at-the-end", hook="PostDelete"),
    ]


def failing(version: str, image: str) -> list[Document]:
    """A migration, with hooks for when it fails."""
    return [
        thing("Job", "before", hook="PreSync", policy="HookFailed,BeforeHookCreation"),
        thing("ConfigMap", "earlier", -1, version=version),
        thing("Job", "migrate", -1, hook="Sync", version=image),
        long_run("beside", -1, version, hook="Sync", policy="HookSucceeded,BeforeHookCreation"),
        thing("ConfigMap", "settings", version=version),
        thing("Deployment", "web", version=version),
        thing("Job", "tell", 4, hook="SyncFail"),
        thing("ConfigMap", "told", -4, hook="SyncFail", policy="HookFailed"),
        thing("Job", "clean-up", hook="SyncFail,PostSync", policy="HookFailed,BeforeHookCreation"),
    ]


def pruned(version: str) -> list[Document]:
    held = {"metadata": {"finalizers": [HELD]}}
    dropped = [
        thing("ConfigMap", "low", -4, **held),
        thing("Service", "middle", 0),
        thing("Deployment", "middle", 0),
        thing("ConfigMap", "high", 3, **held),
        thing("ConfigMap", "kept", 3, options="Prune=false"),
        thing("ConfigMap", "asked", 1, options="Prune=confirm,Delete=false"),
        thing("ConfigMap", "last", -7, options="PruneLast=true"),
        thing("Job", "old-hook", -1, hook="Sync"),
    ]
    stays = [
        thing("ConfigMap", "one", -4, version=version),
        thing("ConfigMap", "two", 0, version=version),
        thing("Job", "hook", 3, hook="Sync", version=version),
        thing("ConfigMap", "three", 3, version=version),
    ]
    return stays if version == "2" else [*stays, *dropped]


def removed() -> list[Document]:
    held = {"metadata": {"finalizers": [HELD]}}
    return [
        thing("ConfigMap", "low", -4),
        thing("ConfigMap", "held", 3, **held),
        thing("Deployment", "web", 0),
        thing("Service", "web", 2, **held),
        thing("ConfigMap", "kept", 3, options="Delete=false"),
        thing("ConfigMap", "helm", 1, annotations={"helm.sh/resource-policy": "keep"}),
        thing("ConfigMap", "asked", 1, options="Delete=confirm"),
        thing("Job", "ran", -1, hook="Sync"),
        thing("Job", "gone", -1, hook="Sync", policy="HookSucceeded"),
        thing("Job", "never", 0, hook="SyncFail"),
        thing("Job", "farewell", 0, hook="PreDelete"),
    ]


def namespaces(version: str, *more: Document) -> list[Document]:
    """The destination and another Namespace, and a kind, each later than what needs it."""
    return [
        thing("Namespace", "h-namespaces", 5, metadata={"labels": {"v": version}}),
        thing("Job", "before", -1, hook="PreSync"),
        thing("ConfigMap", "settings", 2, version=version),
        thing("ConfigMap", "settings", -3, metadata={"namespace": "h-namespaces-2"}),
        thing("Namespace", "h-namespaces-2", 9),
        thing("Novelty", "new", -2),
        NOVELTY,
        *more,
    ]


def helm(version: str) -> list[Document]:
    def hook(name: str, types: str, weight: str, policy: str = "") -> Document:
        notes = {"helm.sh/hook": types, "helm.sh/hook-weight": weight}
        if policy:
            notes["helm.sh/hook-delete-policy"] = policy
        return thing("Job", name, version=version, annotations=notes)

    return [
        hook("prepare", "pre-install,pre-upgrade", "-5", "hook-succeeded"),
        hook("prepare-more", "pre-upgrade", "3", "before-hook-creation,hook-succeeded"),
        hook("finish", "post-install,post-upgrade", "1"),
        hook("test", "test", "0"),
        hook("roll-back", "pre-rollback", "0"),
        thing("ConfigMap", "settings", version=version),
        thing("Deployment", "web", version=version),
    ]


def by_client(version: str) -> list[Document]:
    """Applied as kubectl does it, with what replaces and forces."""
    return [
        thing("ConfigMap", "same", -1),
        thing("ConfigMap", "changed", -1, version=version),
        thing("Role", "1", 0),
        thing("Role", "2", 0),
        thing("RoleBinding", "binding", 0, version=version),
        thing("Service", "replaced", 1, version=version, options="Replace=true"),
        thing("Job", "forced", 1, version=version, options="Force=true"),
        thing("Job", "recreated", 2, version=version, options="Force=true,Replace=true"),
        thing("Deployment", "by-server", 3, version=version, options="ServerSideApply=true"),
    ]


def single_wave(version: str, seconds: int, *more: Document) -> list[Document]:
    return [
        thing("ConfigMap", "settings", version=version),
        slow("web", None, version, seconds),
        thing("Job", "hook", hook="Sync", version=version),
        *more,
    ]


def moved(*waves: int, phase: str, version: str) -> list[Document]:
    names = ("a", "b", "c")
    return [
        *(thing("ConfigMap", n, w, version=version) for n, w in zip(names, waves, strict=True)),
        thing("Job", "hook", waves[0], hook=phase),
    ]


def made_up() -> list[History]:
    """The histories, all of which happen side by side."""
    kept = thing("ConfigMap", "added", -30)
    return [
        History("kinds", [all_kinds("1"), all_kinds("2", thing("Secret", "new"))]),
        History("waves", [waves("1"), waves("2", kept), waves("1"), None], unheld="late"),
        History("hooks", [hooks("1"), hooks("2"), hooks("2", last="3"), None]),
        History(
            "failing",
            [failing("1", "1"), failing("2", FAILS), failing("3", "3")],
            fails={1: "migrate"},
        ),
        History("pruned", [pruned("1"), pruned("2")]),
        History("removed", [removed(), None]),
        History(
            "prune-last",
            [pruned("1"), pruned("2")],
            options=("ServerSideApply=true", "PruneLast=true"),
        ),
        History(
            "out-of-sync-only",
            [waves("1"), [*waves("1")[:-2], *waves("2")[-2:], thing("Job", "hook", hook="Sync")]],
            options=("ServerSideApply=true", "ApplyOutOfSyncOnly=true"),
        ),
        History("namespaces", [namespaces("1"), namespaces("2")], namespace_is_there=False),
        History("helm", [helm("1"), helm("2")]),
        History("by-client", [by_client("1"), by_client("2"), by_client("1")], options=()),
        History(
            "single-wave",
            [single_wave(version, VERY_SLOW_SECONDS) for version in "12"],
            unheld="web",
        ),
        History(
            "hidden-wave",
            [single_wave(v, SLOW_SECONDS, thing("Job", "never", hook="SyncFail")) for v in "12"],
        ),
        History(
            "two-phases",
            [
                [
                    thing("Job", "both", hook="PreSync,PostSync", version=v),
                    thing("Job", "both-kept", hook="PreSync,Sync", policy="HookSucceeded"),
                    thing("ConfigMap", "settings", version=v),
                ]
                for v in "12"
            ],
        ),
        History(
            "becomes-a-hook",
            [
                [thing("Job", "migrate"), thing("ConfigMap", "settings")],
                [thing("Job", "migrate", hook="PreSync"), thing("ConfigMap", "settings", 1)],
            ],
        ),
        History(
            "moved",
            [
                moved(-1, 0, 1, phase="PreSync", version="1"),
                moved(1, 0, -1, phase="PostSync", version="2"),
            ],
        ),
    ]


SEEDS = (1, 2)


def at_random(seed: int) -> History:
    """A history of three states out of few kinds, names, waves, hooks and policies."""
    draw = random.Random(seed)  # noqa: S311
    return History(
        f"seed-{seed}",
        [[thing("ConfigMap", "anchor", version=str(n)), *_drawn(draw)] for n in range(3)],
    )


def _drawn(draw: random.Random) -> Iterator[Document]:
    for kind in ("ConfigMap", "Service", "Job", "Middleware", "Deployment"):
        for name in ("a", "b"):
            if draw.random() < 0.35:
                continue
            wave = draw.choice((-2, 0, 0, 1, None))
            policy = draw.choice((None, "HookSucceeded,BeforeHookCreation", "BeforeHookCreation"))
            hook = draw.choice(("PreSync", "Sync", "PostSync", "SyncFail", "Sync,PostSync"))
            more: Document = {"hook": hook, "policy": policy} if kind == "Job" else {}
            yield thing(kind, name, wave, version=str(draw.randrange(2)), **more)
