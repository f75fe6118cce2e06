"""What makes pods, and what stands in their template."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ops.manifests import Manifest


@dataclass(frozen=True)
class Workload:
    """An object that makes pods."""

    manifest: Manifest

    @property
    def template(self) -> Mapping[str, Any]:
        """The pod template; empty where there is none."""
        return self.manifest.spec.get("template") or {}

    @property
    def pod(self) -> Mapping[str, Any]:
        """The pod's spec."""
        return self.template.get("spec") or {}

    @property
    def labels(self) -> Mapping[str, str]:
        """The pod's labels."""
        return (self.template.get("metadata") or {}).get("labels") or {}

    @property
    def annotations(self) -> Mapping[str, str]:
        """The pod's annotations."""
        return (self.template.get("metadata") or {}).get("annotations") or {}

    @property
    def containers(self) -> list[dict[str, Any]]:
        """All containers; after what the pod is there for, those that run before it."""
        return containers(self.pod)

    @property
    def claims(self) -> list[str]:
        """The names of the volume claims that the pod mounts."""
        volumes = self.pod.get("volumes") or []
        found = [(volume.get("persistentVolumeClaim") or {}).get("claimName") for volume in volumes]
        return [name for name in found if name]

    def variables(self) -> Iterator[tuple[str, Any]]:
        """Variables of all containers."""
        return variables(self.containers)

    def environment(self) -> dict[str, Any]:
        """The variables that count for what the pod is there for, by name."""
        return dict(variables(self.containers[:1]))


def containers(pod: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All containers of a pod's spec, in the order of `Workload.containers`."""
    return [*(pod.get("containers") or []), *(pod.get("initContainers") or [])]


def variables(of: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Variables of containers; a plain value as text, a reference as a mapping.

    A name can stand twice, of which the last counts; the first is in the YAML all the same.
    """
    for container in of:
        for variable in container.get("env") or []:
            yield variable["name"], variable.get("value", variable.get("valueFrom"))
