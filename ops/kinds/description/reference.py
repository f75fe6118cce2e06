"""What an object refers to by name in its own namespace."""

from collections.abc import Iterator
from dataclasses import dataclass

from ops.objects.pod_spec import OptionalReference, PodSpec, VariableSource, VariablesSource


@dataclass(frozen=True, order=True)
class Reference:
    """Another object, by kind and name."""

    kind: str
    name: str


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
    for kind, key in keys.items():
        if key and key.name and not key.optional:
            yield Reference(kind, key.name)


def _imported(source: VariablesSource) -> Iterator[Reference]:
    yield from _needed("Secret", source.secret_ref)
    yield from _needed("ConfigMap", source.config_map_ref)


def _mounted(pod: PodSpec) -> Iterator[Reference]:
    for volume in pod.volumes:
        if volume.secret and not volume.secret.optional:
            yield Reference("Secret", volume.secret.secret_name)
        yield from _needed("ConfigMap", volume.config_map)
        for source in volume.projected.sources:
            yield from _needed("Secret", source.secret)
            yield from _needed("ConfigMap", source.config_map)


def _needed(kind: str, reference: OptionalReference | None) -> Iterator[Reference]:
    if reference and reference.name and not reference.optional:
        yield Reference(kind, reference.name)
