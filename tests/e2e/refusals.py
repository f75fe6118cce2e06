"""For each field that `ops plan` calls immutable: an object, and the change that is refused."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.e2e.histories import NOVELTY, run, thing, workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.objects.base import Document


@dataclass(frozen=True)
class Case:
    """An object as it is, and the same with one field changed."""

    kind: str
    """As the table of rules writes it."""
    field: str
    old: Document
    new: Document
    is_refused: bool = True

    def __str__(self) -> str:
        return f"{self.kind} {self.field}"


def at(document: Document, field: str, value: Any) -> Document:
    """The document with another value in a field; without the field if the value is None."""
    changed = copy.deepcopy(document)
    *way, last = field.split(".")
    place = changed
    for step in way:
        place = place.setdefault(step, {})
    if value is None:
        place.pop(last, None)
    else:
        place[last] = value
    return changed


def refused() -> list[Case]:
    """At least one case for each field of each kind that the table of rules calls immutable."""
    return [*workloads(), *jobs(), *storage(), *databases(), *others()]


def of(kind: str, base: Document, **changes: Any) -> Iterator[Case]:
    """A case for each field; `__` in a name stands for a dot. A pair is old and new."""
    for field, value in changes.items():
        path = field.replace("__", ".")
        old, new = value if isinstance(value, tuple) else (base, value)
        old = old if old is base else at(base, path, old)
        yield Case(kind, path, old, at(old, path, new))


def workloads() -> Iterator[Case]:
    for kind in ("Deployment", "StatefulSet", "DaemonSet"):
        old = thing(kind, f"a-{kind.lower()}", **workload("1"))
        new = json.loads(json.dumps(old).replace('{"app": "thing"}', '{"app": "another"}'))
        yield Case(f"apps/{kind}", "spec.selector", old, new)
    claim = {"metadata": {"name": "files"}, "spec": CLAIM}
    more = {**CLAIM, "resources": {"requests": {"storage": "2Gi"}}}
    base = thing("StatefulSet", "set", **workload("1", volumeClaimTemplates=[claim]))
    yield from of(
        "apps/StatefulSet",
        base,
        spec__volumeClaimTemplates=[{**claim, "spec": more}],
        spec__serviceName="another",
        spec__podManagementPolicy="Parallel",
    )


VOLUME = {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"]}
CLAIM: Document = {
    "accessModes": ["ReadWriteOnce"],
    "storageClassName": "local-path",
    "resources": {"requests": {"storage": "1Gi"}},
}


def jobs() -> Iterator[Case]:
    plain = thing("Job", "plain", **run("1", completions=2))
    failure = {
        "rules": [
            {
                "action": "Ignore",
                "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
            }
        ]
    }
    yield from of(
        "batch/Job",
        plain,
        spec__template=run("2")["spec"]["template"],
        spec__selector={"matchLabels": {"app": "another"}},
        spec__completions=3,
        spec__completionMode="Indexed",
        spec__podFailurePolicy=failure,
        spec__managedBy="example.org/another",
    )
    indexed = thing("Job", "indexed", **run("1", completions=2, completionMode="Indexed"))
    yield from of(
        "batch/Job",
        indexed,
        spec__successPolicy={"rules": [{"succeededCount": 1}]},
        spec__backoffLimitPerIndex=1,
    )


def storage() -> Iterator[Case]:
    claim = thing("PersistentVolumeClaim", "files")
    for size in ("2Gi", "1Mi"):
        yield from of("PersistentVolumeClaim", claim, spec__resources__requests__storage=size)
    yield from of(
        "PersistentVolumeClaim",
        claim,
        spec__accessModes=["ReadWriteMany"],
        spec__storageClassName="another",
        spec__volumeMode="Block",
        spec__selector={"matchLabels": {"a": "b"}},
        spec__dataSource={"kind": "PersistentVolumeClaim", "name": "another"},
    )
    volume = thing(
        "PersistentVolume",
        "refusals",
        spec=VOLUME,
    )
    here, there = ({"required": {"nodeSelectorTerms": [affinity(place)]}} for place in "ab")
    placed = at(volume, "spec.nodeAffinity", here)
    for source, (old, new) in SOURCES.items():
        yield from of("PersistentVolume", placed, **{f"spec__{source}": (old, new)})
    yield from of(
        "PersistentVolume",
        at(placed, "spec.local", {"path": "/a"}),
        spec__volumeMode="Block",
        spec__nodeAffinity=there,
    )
    yield from of(
        "storage.k8s.io/StorageClass",
        thing("StorageClass", "refusals"),
        provisioner="example.org/another",
        parameters={"a": "b"},
        reclaimPolicy="Retain",
        volumeBindingMode="WaitForFirstConsumer",
    )


SOURCES: dict[str, tuple[Document, Document]] = {
    "hostPath": ({"path": "/a"}, {"path": "/b"}),
    "local": ({"path": "/a"}, {"path": "/b"}),
    "nfs": ({"server": "a", "path": "/"}, {"server": "b", "path": "/"}),
    "csi": ({"driver": "a", "volumeHandle": "1"}, {"driver": "a", "volumeHandle": "2"}),
    "iscsi": (
        {"targetPortal": "10.0.0.1:1", "iqn": "iqn.2026-01.org.example:a", "lun": 0},
        {"targetPortal": "10.0.0.1:1", "iqn": "iqn.2026-01.org.example:a", "lun": 1},
    ),
}


def affinity(value: str) -> Document:
    return {"matchExpressions": [{"key": "a", "operator": "In", "values": [value]}]}


def databases() -> Iterator[Case]:
    base = thing("Database", "data")
    changes = {
        "name": ("data", "another"),
        "template": ("template1", "template0"),
        "encoding": ("UTF8", "LATIN1"),
        "locale": ("C", "de_DE"),
        "localeProvider": ("libc", "icu"),
        "localeCollate": ("C", "de_DE"),
        "localeCType": ("C", "de_DE"),
        "collationVersion": ("1", "2"),
    }
    for field, (old, new) in changes.items():
        yield from of("postgresql.cnpg.io/Database", base, **{f"spec__{field}": (old, new)})
    icu, builtin = (at(base, "spec.localeProvider", provider) for provider in ("icu", "builtin"))
    for field in ("icuLocale", "icuRules"):
        yield from of("postgresql.cnpg.io/Database", icu, **{f"spec__{field}": ("a", "b")})
    yield from of("postgresql.cnpg.io/Database", builtin, spec__builtinLocale=("C", "C.UTF-8"))
    yield from of(
        "postgresql.cnpg.io/DatabaseRole",
        thing("DatabaseRole", "owner"),
        spec__name="another",
        spec__cluster={"name": "another"},
    )


def others() -> Iterator[Case]:
    for field in ("clusterIP", "clusterIPs"):
        old, new = (addressed(f"10.43.{len(field)}.{end}") for end in "12")
        yield Case("Service", f"spec.{field}", old, new)
    for kind in ("RoleBinding", "ClusterRoleBinding"):
        old, new = (thing(kind, "refusals", version=v) for v in "12")
        yield Case(f"rbac.authorization.k8s.io/{kind}", "roleRef", old, new)
    for kind in ("ConfigMap", "Secret"):
        fixed = thing(kind, "fixed", immutable=True, data={"a": "YQ=="})
        yield from of("immutable", fixed, immutable=False, data={"a": "Yg=="})
    yield from of(
        "immutable", thing("ConfigMap", "bytes", immutable=True), binaryData={"a": "YQ=="}
    )
    yield from of("immutable", thing("Secret", "text", immutable=True), stringData={"a": "b"})
    yield from of("Secret", thing("Secret", "typed", type="example.org/a"), type="example.org/b")
    yield from of(
        "scheduling.k8s.io/PriorityClass",
        thing("PriorityClass", "refusals"),
        value=2,
        preemptionPolicy="Never",
    )
    yield from of(
        "apiextensions.k8s.io/CustomResourceDefinition",
        NOVELTY,
        spec__group="example.net",
        spec__scope="Cluster",
        spec__names__kind="Another",
        spec__names__plural="others",
    )


def addressed(address: str) -> Document:
    ports = [{"port": 80}]
    return thing(
        "Service", "web", spec={"clusterIP": address, "clusterIPs": [address], "ports": ports}
    )


def accepted() -> Iterator[Case]:
    """Neighbours of what is immutable, which are not."""
    for kind in ("Deployment", "StatefulSet"):
        base = thing(kind, "a", **workload("1"))
        yield from of(f"apps/{kind}", base, spec__replicas=2, spec__minReadySeconds=1)
    plain = thing("Job", "plain", **run("1", completions=2))
    yield from of(
        "batch/Job",
        plain,
        spec__parallelism=2,
        spec__backoffLimit=1,
        spec__activeDeadlineSeconds=600,
        spec__ttlSecondsAfterFinished=600,
        spec__manualSelector=True,
        spec__podReplacementPolicy="Failed",
    )
    volume = thing(
        "PersistentVolume",
        "refusals",
        spec={**VOLUME, "hostPath": {"path": "/a"}},
    )
    here = {"required": {"nodeSelectorTerms": [affinity("a")]}}
    yield from of(
        "PersistentVolume",
        volume,
        spec__accessModes=["ReadWriteMany"],
        spec__storageClassName="another",
        spec__persistentVolumeReclaimPolicy="Delete",
        spec__mountOptions=["ro"],
        spec__nodeAffinity=here,
    )
    yield from of(
        "storage.k8s.io/StorageClass", thing("StorageClass", "a"), allowVolumeExpansion=True
    )
    database = thing("Database", "data")
    yield from of(
        "postgresql.cnpg.io/Database",
        database,
        spec__owner="another",
        spec__databaseReclaimPolicy="delete",
        spec__encoding="UTF8",
        spec__locale=("C", None),
    )
    yield from of("Service", thing("Service", "web"), spec__selector={"app": "another"})
    binding = thing("RoleBinding", "binding")
    subject = {"kind": "ServiceAccount", "name": "another", "namespace": "default"}
    yield from of("rbac.authorization.k8s.io/RoleBinding", binding, subjects=[subject])
    yield from of("ConfigMap", thing("ConfigMap", "a"), data={"version": "2"}, immutable=True)
    yield from of("Secret", thing("Secret", "a", data={"a": "YQ=="}), data={"a": "Yg=="})
