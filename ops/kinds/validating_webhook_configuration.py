"""ValidatingWebhookConfiguration: what the API server asks about objects."""

from ops.kinds.description.changes import EXPOSES_WHEN_CREATED
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import WEBHOOKS
from ops.objects.base import Object

KIND = not_rendered(
    kind="ValidatingWebhookConfiguration",
    group="admissionregistration.k8s.io",
    version="v1",
    plural="validatingwebhookconfigurations",
    namespaced=False,
    model=Object,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "webhooks",
            Effect.EXPOSES,
            "a webhook that can reject objects; if it is unreachable, requests may fail",
            WEBHOOKS,
        ),
        EXPOSES_WHEN_CREATED,
    ),
)
