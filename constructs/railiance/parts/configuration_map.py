"""The ConfigMap with an app's configuration files."""

from __future__ import annotations

import hashlib

from cdk8s import JsonPatch
from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import object_meta
from railiance.parts.typed_object import TypedObject
from railiance.waves import Wave

COMPONENT = "files"


class ConfigurationMap(TypedObject):
    """Every configuration file under a key made from its path.

    Pods mount each file by itself, so a change reaches them only as they roll, which the digest in
    their template makes them do.
    Source: Kubernetes, "ConfigMaps", "Using subPath".
    """

    def __init__(self, scope: Construct, construct_id: str, *, app: DjangoApp) -> None:
        data = {key_of(file.path): file.content for file in app.configuration_files}
        super().__init__(
            scope,
            construct_id,
            api_version="v1",
            kind="ConfigMap",
            metadata=object_meta(app, app.files_name, COMPONENT, Wave.FOUNDATION),
        )
        self.add_json_patch(JsonPatch.add("/data", data))
        self.digest = digest(data)


def key_of(path: str) -> str:
    """The key of the file with this path, which is a path itself."""
    return path.strip("/").replace("_", "__").replace("/", "_")


def digest(data: dict[str, str]) -> str:
    """A digest of the files."""
    content = "".join(f"{key}\0{text}\0" for key, text in sorted(data.items()))
    return f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"
