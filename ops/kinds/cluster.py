"""CloudNativePG's Cluster: the shared PostgreSQL cluster, which is the platform's."""

from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import DELETED, Rule
from ops.kinds.description.sources import CLOUDNATIVEPG, DATABASES
from ops.objects.base import NamedReference, Object, Part, Status, field
from railiance.postgres import NO_LIMIT

HEALTHY_PHASE = "Cluster in healthy state"
"""Source:
https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.28.0/api/v1/cluster_types.go."""


class ManagedRole(NamedReference, frozen=True):
    """A role that the platform declares."""

    connection_limit: int = NO_LIMIT


class ManagedRoles(Part, frozen=True):
    """The roles that CloudNativePG makes, before its version 1.30."""

    roles: list[ManagedRole] = []


class Plugin(Part, frozen=True):
    """A plugin of the cluster."""

    is_wal_archiver: bool = field(default=False, name="isWALArchiver")


class Postgresql(Part, frozen=True):
    """PostgreSQL's own settings."""

    pg_hba: list[str] = field(default_factory=list, name="pg_hba")


class ClusterSpec(Part, frozen=True):
    """Roles, access, backups."""

    instances: int = 1
    managed: ManagedRoles = ManagedRoles()
    plugins: list[Plugin] = []
    backup: dict[str, object] = {}
    postgresql: Postgresql = Postgresql()


class RolesStatus(Part, frozen=True):
    """What became of the managed roles: those of each state, and why some are in none."""

    by_status: dict[str, list[str]] = {}
    cannot_reconcile: dict[str, list[str]] = {}


class ClusterStatus(Status, frozen=True):
    """How the cluster is."""

    phase: str = ""
    phase_reason: str = ""
    ready_instances: int = 0
    last_successful_backup: str = ""
    managed_roles_status: RolesStatus = RolesStatus()


class Cluster(Object, frozen=True):
    """A PostgreSQL cluster."""

    spec: ClusterSpec = ClusterSpec()
    status: ClusterStatus = ClusterStatus()

    def managed_role(self, role: str) -> ManagedRole | None:
        """The role of this name in spec.managed.roles, if it is there."""
        return next((each for each in self.spec.managed.roles if each.name == role), None)

    def role_problem(self, role: str) -> str:
        """What is wrong with a managed role; empty if nothing is."""
        if self.managed_role(role) is None:
            return f"role {role} is not in spec.managed.roles"
        status = self.status.managed_roles_status
        if reasons := status.cannot_reconcile.get(role):
            return f"role {role} cannot be reconciled: {'; '.join(reasons)}"
        states = [state for state, roles in status.by_status.items() if role in roles]
        if states == ["reconciled"]:
            return ""
        return f"role {role} is {' and '.join(states) or 'not reported on by CloudNativePG'}"


def health(cluster: Cluster) -> Health:
    """By its phase."""
    if cluster.status.phase == HEALTHY_PHASE:
        return HEALTHY
    return Health(State.PROGRESSING, cluster.status.phase_reason or cluster.status.phase)


KIND = not_rendered(
    kind="Cluster",
    group="postgresql.cnpg.io",
    version="v1",
    plural="clusters",
    namespaced=True,
    model=Cluster,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.HOLDS,
    health=health,
    apply_order=None,
    recreated=Effect.DATA_AT_RISK,
    changes=(
        Rule(
            "spec.storage spec.walStorage spec.tablespaces spec.bootstrap spec.instances",
            Effect.DATA_AT_RISK,
            "the volumes of the whole cluster, or the source of their data",
            f"{CLOUDNATIVEPG}storage/",
        ),
        Rule(
            DELETED,
            Effect.DATA_AT_RISK,
            "the PostgreSQL cluster may be deleted with its data, and nothing manages it any more",
            f"{DATABASES}#reclaiming-resources",
        ),
    ),
)
