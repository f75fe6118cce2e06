"""The base of every part whose content is typed here, because cdk8s-plus cannot express it."""

from collections.abc import Mapping

from cdk8s import ApiObject, ApiObjectMetadata, JsonPatch
from constructs import Construct


class TypedObject(ApiObject):
    """One Kubernetes object: metadata as cdk8s has it, and a spec that is rendered as given.

    The spec is a TypedDict of imports/kubernetes.py, so mypy refuses a misspelt, missing or wrongly
    typed field; a plain dict when it runs, it reaches the YAML without a field lost or filled in.
    cdk8s' own bindings are of Kubernetes 1.28 and drop what they do not know.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        api_version: str,
        kind: str,
        metadata: ApiObjectMetadata,
        spec: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(scope, construct_id, api_version=api_version, kind=kind, metadata=metadata)
        # What parts ask each other for: `name` and `kind` of an ApiObject are asked of Node.js.
        self.object_name = metadata.name or ""
        self.group_kind = (api_version.rpartition("/")[0], kind)
        if spec is not None:
            self.add_json_patch(JsonPatch.add("/spec", spec))
