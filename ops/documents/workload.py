"""What makes pods, and what is in their template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ops.documents.manifest import Manifest
from ops.objects.pod_spec import Container, PodSpec, PodTemplate, Variable, variables
from railiance.annotations import COMPONENT
from railiance.manage import Launcher


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
    def environment(self) -> Mapping[str, Variable]:
        """The variables of the main container, by name."""
        return self.containers[0].environment if self.containers else {}

    def value(self, name: str) -> str:
        """The plain value of a variable of the main container; empty if it has none."""
        found = self.environment.get(name)
        return (found.value or "") if found else ""
