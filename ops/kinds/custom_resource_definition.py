"""CustomResourceDefinition: a kind that the cluster serves beyond Kubernetes' own."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import Health, by_condition
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import DELETED, Rule, was_there
from ops.kinds.description.sources import CUSTOM_RESOURCES
from ops.objects.base import Object, Part, Status


class Names(Part, frozen=True):
    """What the kind is called."""

    kind: str = ""


class DefinitionSpec(Part, frozen=True):
    """Which kind of which group."""

    group: str = ""
    names: Names = Names()


class CustomResourceDefinition(Object, frozen=True):
    """A CustomResourceDefinition."""

    spec: DefinitionSpec = DefinitionSpec()
    status: Status = Status()


def health(definition: CustomResourceDefinition) -> Health:
    """Healthy once the kind is served."""
    return by_condition(definition.status, "Established")


KIND = not_rendered(
    kind="CustomResourceDefinition",
    group="apiextensions.k8s.io",
    version="v1",
    plural="customresourcedefinitions",
    namespaced=False,
    model=CustomResourceDefinition,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.DELETES,
    health=health,
    apply_order=13,
    recreated=None,
    changes=(
        Rule(
            "spec.group spec.scope spec.names.kind spec.names.plural",
            Effect.REFUSED,
            "what a kind is called, and whether it is namespaced, is immutable",
            f"{CUSTOM_RESOURCES}custom-resource-definitions/",
        ),
        Rule(
            "spec.versions.[].storage spec.versions.[].served spec.versions.[].name",
            Effect.DATA_AT_RISK,
            "objects stored in a version that is removed can no longer be read",
            f"{CUSTOM_RESOURCES}custom-resource-definition-versioning/",
            was_there,
        ),
        Rule(
            "spec",
            Effect.IN_PLACE,
            "which objects of the kind are accepted; a removed field is dropped at the next write",
            f"{CUSTOM_RESOURCES}custom-resource-definitions/",
        ),
        NEW,
        Rule(
            DELETED,
            Effect.DATA_AT_RISK,
            "deletes every object of its kind",
            f"{CUSTOM_RESOURCES}custom-resource-definitions/#delete-a-customresourcedefinition",
        ),
    ),
)
