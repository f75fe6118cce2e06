"""CloudNativePG's DatabaseRole, since its version 1.30: the role that owns an app's database."""

from ops.kinds.description.changes import NEW_OR_KEPT
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import Data, Kind, Owner, Stage, Tree, no_references
from ops.kinds.description.rule import DELETED, Rule, became
from ops.kinds.description.sources import ROLES, ROLES_IN_POSTGRESQL
from ops.objects.base import NamedReference, Object, Part, Status
from railiance.postgres import NO_LIMIT


class DatabaseRoleSpec(Part, frozen=True):
    """Which role, in which cluster, with which rights and password."""

    name: str = ""
    cluster: NamedReference = NamedReference()
    ensure: str = "present"
    database_role_reclaim_policy: str = "retain"
    login: bool = False
    superuser: bool = False
    createdb: bool = False
    createrole: bool = False
    replication: bool = False
    password_secret: NamedReference = NamedReference()
    connection_limit: int = NO_LIMIT


class DatabaseRoleStatus(Status, frozen=True):
    """What CloudNativePG made of it."""

    applied: bool | None = None
    message: str = ""


class DatabaseRole(Object, frozen=True):
    """A DatabaseRole."""

    spec: DatabaseRoleSpec = DatabaseRoleSpec()
    status: DatabaseRoleStatus = DatabaseRoleStatus()


def health(role: DatabaseRole) -> Health:
    """Healthy once it is applied; until then CloudNativePG tries again every 30 s.

    Argo CD 3.6 has no health check for it, so a sync does not wait for it.
    """
    status = role.status
    if status.applied is False:
        message = status.message or "CloudNativePG gives no reason"
        return Health(State.DEGRADED, f"not applied: {message}", is_retried=True)
    if status.applied and status.observed_generation == role.metadata.generation:
        return HEALTHY
    return Health(State.PROGRESSING, "CloudNativePG has not reported whether it is applied")


KIND = Kind(
    kind="DatabaseRole",
    group="postgresql.cnpg.io",
    version="v1",
    plural="databaseroles",
    namespaced=True,
    model=DatabaseRole,
    owner=Owner.APP,
    fields=Tree.from_paths(
        *("spec.name", "spec.cluster.name", "spec.databaseRoleReclaimPolicy"),
        *("spec.login", "spec.superuser", "spec.createdb", "spec.createrole", "spec.replication"),
        *("spec.passwordSecret.name", "spec.connectionLimit"),
    ),
    guarded=True,
    needed=False,
    stage=Stage.FOUNDATION,
    kept=(frozenset({"Prune=false", "Delete=false"}),),
    pods=None,
    refers_to=no_references,
    holds=Data.HOLDS,
    health=None,
    apply_order=None,
    recreated=Effect.DATA_AT_RISK,
    changes=(
        Rule(
            "spec.name spec.cluster",
            Effect.REFUSED,
            "immutable: declare a second role, and let the database have it as its owner",
            ROLES,
        ),
        Rule(
            "spec.databaseRoleReclaimPolicy",
            Effect.DATA_AT_RISK,
            "the role is dropped together with this object",
            f"{ROLES}#role-reclaim-policy",
            became("delete"),
        ),
        Rule(
            "spec.databaseRoleReclaimPolicy",
            Effect.IN_PLACE,
            "the role stays when this object is deleted",
            f"{ROLES}#role-reclaim-policy",
        ),
        Rule(
            "spec.superuser spec.createdb spec.createrole spec.replication spec.bypassrls"
            " spec.inRoles",
            Effect.EXPOSES,
            "changes what the role may do in the whole PostgreSQL cluster",
            ROLES_IN_POSTGRESQL,
        ),
        Rule(
            "spec.login spec.passwordSecret spec.disablePassword spec.validUntil",
            Effect.ROLLS_WITH_GAP,
            "pods may no longer be able to log in; open connections stay",
            ROLES_IN_POSTGRESQL,
        ),
        Rule(
            "spec.connectionLimit",
            Effect.IN_PLACE,
            "applies to new connections; open ones stay",
            ROLES_IN_POSTGRESQL,
        ),
        Rule(
            "spec.comment spec.inherit spec.clientCertificate",
            Effect.IN_PLACE,
            "CloudNativePG alters the role",
            ROLES,
        ),
        NEW_OR_KEPT,
        Rule(
            DELETED,
            Effect.DATA_AT_RISK,
            "the role may be dropped, and nothing manages it any more",
            f"{ROLES}#role-reclaim-policy",
        ),
    ),
)
