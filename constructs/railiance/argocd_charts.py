"""The Applications and AppProjects that Argo CD reads, as cdk8s Charts."""

from cdk8s import ApiObject, Chart
from constructs import Construct

from railiance.app_chart import DjangoAppChart
from railiance.parts.app_application import AppApplication
from railiance.parts.app_project import AppProject
from railiance.parts.root_application import RootApplication
from railiance.parts.root_project import RootProject
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform


class DeliveryChart(Chart):
    """The Application and AppProject of an app: the content of argocd/<name>.yaml.

    The project allows exactly the kinds in the app's chart, including those that `extend` added.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, chart: DjangoAppChart, platform: Platform
    ) -> None:
        super().__init__(scope, construct_id)
        kinds = map(_group_kind, chart.api_objects)
        self.project = AppProject(self, "project", app=chart.app, platform=platform, kinds=kinds)
        self.application = AppApplication(
            self, "application", app=chart.app, platform=platform, project=self.project
        )


class RootChart(Chart):
    """The root Application and its AppProject: the content of argocd/root.yaml."""

    def __init__(self, scope: Construct, construct_id: str, *, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self.project = RootProject(self, "project", platform=platform)
        self.application = RootApplication(
            self, "application", platform=platform, project=self.project
        )


_CDK8S_PLUS_KINDS = "cdk8s_plus_28.k8s"
"""The module that has a class for each kind."""
_KINDS: dict[type[ApiObject], tuple[str, str]] = {}
"""Cache: the group and kind of each class seen so far."""


def _group_kind(found: ApiObject) -> tuple[str, str]:
    """The object's group and kind, cached because each call into Node.js is slow."""
    if isinstance(found, TypedObject):
        return found.group_kind
    known = _KINDS.get(type(found))
    if known:
        return known
    group_kind = (found.api_version.rpartition("/")[0], found.kind)
    if type(found).__module__ == _CDK8S_PLUS_KINDS:
        _KINDS[type(found)] = group_kind
    return group_kind
