"""ServiceAccount: the identity of an app's pods."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Kind, Owner, Stage, Tree, no_references
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import SERVICE_ACCOUNTS
from ops.objects.base import Object


class ServiceAccount(Object, frozen=True):
    """A ServiceAccount."""

    automount_service_account_token: bool = True


KIND = Kind(
    kind="ServiceAccount",
    group="",
    version="v1",
    plural="serviceaccounts",
    namespaced=True,
    model=ServiceAccount,
    owner=Owner.APP,
    fields=Tree.from_paths("automountServiceAccountToken"),
    guarded=False,
    needed=True,
    stage=Stage.FOUNDATION,
    kept=(),
    pods=None,
    refers_to=no_references,
    holds=Data.NONE,
    health=None,
    apply_order=6,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "automountServiceAccountToken",
            Effect.EXPOSES,
            "whether new pods get a token for the API",
            SERVICE_ACCOUNTS,
        ),
        Rule(
            "imagePullSecrets secrets",
            Effect.IN_PLACE,
            "applies to new pods only",
            SERVICE_ACCOUNTS,
        ),
        NEW,
    ),
)
