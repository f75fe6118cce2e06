"""The base of every part that cdk8s-plus cannot express; its spec is typed here."""

from collections.abc import Mapping

from cdk8s import ApiObject, ApiObjectMetadata, JsonPatch
from constructs import Construct


class TypedObject(ApiObject):
    """One Kubernetes object: metadata as in cdk8s, and a spec that is rendered as given.

    The spec is a TypedDict of imports/kubernetes.py, so mypy refuses misspelt, missing and wrongly
    typed fields. At run time it is a plain dict, so no field is lost or added in the YAML. cdk8s'
    own bindings are for Kubernetes 1.28 and drop fields that they do not know.
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
        # Kept for other parts, because `name` and `kind` of an ApiObject are calls into Node.js.
        self.object_name = metadata.name or ""
        self.group_kind = (api_version.rpartition("/")[0], kind)
        if spec is not None:
            self.add_json_patch(JsonPatch.add("/spec", spec))
