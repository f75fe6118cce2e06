"""The identity of the app's pods towards the API server: none that can do anything."""

from cdk8s_plus_28 import ServiceAccount
from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import Component, object_meta
from railiance.waves import Wave


class AppServiceAccount(ServiceAccount):
    """A ServiceAccount of the app's own, whose token is not mounted into pods."""

    def __init__(self, scope: Construct, construct_id: str, *, app: DjangoApp) -> None:
        self.object_name = app.name  # as of every part: `name` is asked of Node.js
        super().__init__(
            scope,
            construct_id,
            metadata=object_meta(app, app.name, Component.WEB, Wave.FOUNDATION),
            automount_token=False,
        )
