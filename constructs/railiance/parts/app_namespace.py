"""The app's own namespace."""

import functools

from cdk8s import ApiObjectMetadata, JsonPatch
from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import CONFIRMED, SYNC_WAVE, Component, labels
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform
from railiance.waves import Wave


class AppNamespace(TypedObject):
    """A namespace that may reach the database and takes only pods of the restricted profile.

    The platform's NetworkPolicy lets namespaces with its label through to PostgreSQL. Pod Security
    is enforced as of the declared Kubernetes version, so an upgrade of the cluster alone changes
    nothing. It is pruned only after a confirmation, and stays when the Application is
    deleted.
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
                    "pod-security.kubernetes.io/enforce": "restricted",
                    "pod-security.kubernetes.io/enforce-version": version,
                    "pod-security.kubernetes.io/warn": "restricted",
                    "pod-security.kubernetes.io/warn-version": version,
                },
                annotations={SYNC_WAVE: str(Wave.NAMESPACE.value), **CONFIRMED},
            ),
        )
        # A chart's namespace goes to all of its objects, also to the one that has none.
        self.add_json_patch(_no_namespace())


@functools.cache
def _no_namespace() -> JsonPatch:
    """One for all: making it is a call into Node.js."""
    return JsonPatch.remove("/metadata/namespace")
