"""The app's own namespace."""

import functools

from cdk8s import ApiObjectMetadata, JsonPatch
from constructs import Construct

from railiance.annotations import ENFORCED_PROFILE, ENFORCED_VERSION, NAMES, STORAGE, SYNC_WAVE
from railiance.django_app import DjangoApp
from railiance.metadata import CONFIRM_PRUNING, Component, labels
from railiance.names import stated_names
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform
from railiance.waves import Wave


class AppNamespace(TypedObject):
    """A namespace that may reach the database and admits only pods of the restricted profile.

    The platform's NetworkPolicy allows namespaces with its label to reach PostgreSQL. The Pod
    Security version is that of the declared Kubernetes version, so an upgrade of the cluster alone
    changes nothing. The namespace is pruned only after a confirmation, and stays when the
    Application is deleted.
    Source: Kubernetes, "Pod Security Standards".
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, app: DjangoApp, platform: Platform
    ) -> None:
        version = f"v{platform.kubernetes_version}"
        super().__init__(
            scope,
            construct_id,
            api_version="v1",
            kind="Namespace",
            metadata=ApiObjectMetadata(
                name=app.name,
                namespace=app.name,
                labels={
                    **labels(app, Component.NAMESPACE),
                    platform.postgres_client_label: platform.postgres_cluster,
                    ENFORCED_PROFILE: "restricted",
                    ENFORCED_VERSION: version,
                    "pod-security.kubernetes.io/warn": "restricted",
                    "pod-security.kubernetes.io/warn-version": version,
                },
                annotations={
                    SYNC_WAVE: str(Wave.NAMESPACE.value),
                    **CONFIRM_PRUNING,
                    **_stated(app),
                },
            ),
        )
        # cdk8s sets the chart's namespace on all objects, also on this cluster-scoped one.
        self.add_json_patch(_no_namespace())


def _stated(app: DjangoApp) -> dict[str, str]:
    """What readers of the rendered YAML must know of the app's variables, if anything."""
    names, storage = stated_names(app), app.storage and app.storage.names
    stated = {NAMES: names, STORAGE: storage}
    return {key: value.as_json() for key, value in stated.items() if value}


@functools.cache
def _no_namespace() -> JsonPatch:
    """Cached, because creating it is a call into Node.js."""
    return JsonPatch.remove("/metadata/namespace")
