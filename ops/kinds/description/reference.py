"""What an object refers to by name in its own namespace, and which port or key of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ops.objects.base import key
from ops.objects.pod_spec import (
    FilesSource,
    OptionalReference,
    PodSpec,
    VariableSource,
    VariablesSource,
    Volume,
)


@dataclass(frozen=True, order=True)
class Reference:
    """Another object, by kind and name, or something in it."""

    kind: str
    name: str
    item: str = ""
    """Its port or key, as `Object.items` gives them; empty for the object itself."""

    @property
    def whole(self) -> "Reference":
        """The object itself."""
        return replace(self, item="")


GIVEN = {Reference("ServiceAccount", "default"), Reference("ConfigMap", "kube-root-ca.crt")}
"""What every namespace has by itself."""


def needs_of_pod(pod: PodSpec) -> set[Reference]:
    """What a pod cannot start without."""
    return {
        Reference("ServiceAccount", pod.service_account_name),
        *(Reference("PersistentVolumeClaim", name) for name in pod.claims),
        *(
            reference
            for c in pod.all_containers
            for v in c.env
            for reference in _read(v.value_from)
        ),
        *(reference for c in pod.all_containers for s in c.env_from for reference in _imported(s)),
        *_mounted(pod),
    } - GIVEN


def _read(source: VariableSource | None) -> Iterator[Reference]:
    keys = (
        {"Secret": source.secret_key_ref, "ConfigMap": source.config_map_key_ref} if source else {}
    )
    for kind, found in keys.items():
        if found and found.name and not found.optional:
            yield Reference(kind, found.name, key(found.key))


def _imported(source: VariablesSource) -> Iterator[Reference]:
    yield from _needed("Secret", source.secret_ref)
    yield from _needed("ConfigMap", source.config_map_ref)


def _mounted(pod: PodSpec) -> Iterator[Reference]:
    for volume in pod.volumes:
        if volume.secret and not volume.secret.optional:
            yield Reference("Secret", volume.secret.secret_name)
        yield from _files(volume.config_map, _mounted_alone(volume, pod))
        for source in volume.projected.sources:
            yield from _needed("Secret", source.secret)
            yield from _files(source.config_map, set())


def _mounted_alone(volume: Volume, pod: PodSpec) -> set[str]:
    """The files of a volume that containers mount one by one."""
    mounts = (mount for container in pod.all_containers for mount in container.volume_mounts)
    return {mount.sub_path for mount in mounts if mount.name == volume.name and mount.sub_path}


def _files(source: FilesSource | None, mounted_alone: set[str]) -> Iterator[Reference]:
    """A ConfigMap, and the keys of it that become files."""
    yield from _needed("ConfigMap", source)
    if source and source.name and not source.optional:
        keys = {item.key for item in source.items} or mounted_alone
        yield from (Reference("ConfigMap", source.name, key(name)) for name in keys)


def _needed(kind: str, reference: OptionalReference | None) -> Iterator[Reference]:
    if reference and reference.name and not reference.optional:
        yield Reference(kind, reference.name)
