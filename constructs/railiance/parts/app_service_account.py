"""The ServiceAccount of the app's pods, without any permission."""

from cdk8s_plus_28 import ServiceAccount
from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import Component, object_meta
from railiance.waves import Wave


class AppServiceAccount(ServiceAccount):
    """The app's own ServiceAccount; its token is not mounted into pods."""

    def __init__(self, scope: Construct, construct_id: str, *, app: DjangoApp) -> None:
        self.object_name = app.name  # as in every part: `name` is a call into Node.js
        super().__init__(
            scope,
            construct_id,
            metadata=object_meta(app, app.name, Component.WEB, Wave.FOUNDATION),
            automount_token=False,
        )
