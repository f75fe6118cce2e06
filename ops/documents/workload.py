"""What makes pods, and what is in their template."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ops.documents.manifest import Manifest
from ops.objects.pod_spec import Container, PodSpec, PodTemplate, Variable, variables
from railiance.annotations import COMPONENT
from railiance.manage import Launcher
from railiance.secret_names import REGISTRY_LOGIN


@dataclass(frozen=True)
class Workload:
    """An object that makes pods."""

    manifest: Manifest

    @cached_property
    def template(self) -> PodTemplate:
        """The pod template; an empty one if the kind has no pods."""
        pods = self.manifest.entry.pods if self.manifest.entry else None
        return pods.template(self.manifest.object) if pods else PodTemplate()

    @property
    def pod(self) -> PodSpec:
        """The pod's spec."""
        return self.template.spec

    @property
    def labels(self) -> Mapping[str, str]:
        """The pod's labels."""
        return self.template.metadata.labels

    @property
    def annotations(self) -> Mapping[str, str]:
        """The pod's annotations."""
        return self.template.metadata.annotations

    @property
    def containers(self) -> Sequence[Container]:
        """All containers; the main ones first, then those that run before them."""
        return self.pod.all_containers

    @property
    def in_order(self) -> Sequence[Container]:
        """All containers in the order in which they start."""
        return [*self.pod.init_containers, *self.pod.containers]

    @property
    def launcher(self) -> Launcher | None:
        """What starts Django, as the first command states; None unless that migrates."""
        return Launcher.from_migrate(self.in_order[0].command) if self.in_order else None

    @property
    def component(self) -> str:
        """The part of the app that its pods are."""
        return self.labels.get(COMPONENT, "")

    @property
    def variables(self) -> list[Variable]:
        """The variables of all containers."""
        return list(variables(self.containers))

    @property
    def secret_keys(self) -> Iterator[tuple[str, str]]:
        """The Secret and the key of everything that its pods take from Secrets."""
        for variable in self.variables:
            if variable.secret:
                yield variable.secret.name, variable.secret.key
        for volume in self.pod.volumes:
            if volume.secret:
                listed = {item.key for item in volume.secret.items}
                for key in listed or self._mounted_alone(volume.name):
                    yield volume.secret.secret_name, key
        for login in self.pod.image_pull_secrets:
            yield login.name, REGISTRY_LOGIN

    def _mounted_alone(self, volume: str) -> set[str]:
        """The files of a volume that containers mount one by one."""
        mounts = (mount for container in self.containers for mount in container.volume_mounts)
        return {mount.sub_path for mount in mounts if mount.name == volume and mount.sub_path}

    @property
    def environment(self) -> Mapping[str, Variable]:
        """The variables of the main container, by name."""
        return self.containers[0].environment if self.containers else {}

    def value(self, name: str) -> str:
        """The plain value of a variable of the main container; empty if it has none."""
        found = self.environment.get(name)
        return (found.value or "") if found else ""
