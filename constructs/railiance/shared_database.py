"""The declaration of an app's database."""

from typing import Annotated

from railiance import checks
from railiance.declaration import declaration


@declaration
class SharedDatabase:
    """A database in the shared PostgreSQL cluster, owned by a role of the app's own.

    The role is declared here too if the platform has CloudNativePG 1.30; with 1.28, which manages
    roles only in its Cluster, the platform creates it.
    """

    name: Annotated[str, checks.postgres_name]
    """The database's name in PostgreSQL; immutable, a new name creates a new database."""
    role: Annotated[str, checks.postgres_name]
    """The owner: a role for this app alone. It may log in, and has no other right."""
    extensions: tuple[Annotated[str, checks.postgres_extension], ...] = ()
    """Extensions that CloudNativePG creates in the database; removing one here keeps it there."""
    connection_limit: Annotated[int, checks.between(1, 1000, "connections")] | None = None
    """The most connections that the role may have at a time; by default as many as PostgreSQL
    allows for all apps together. At least what web pods, workers, schedules and the migrate Job
    can open during a rollout. With CloudNativePG 1.28 the platform sets it, and `ops preflight`
    compares."""

    def validate(self) -> None:
        """An extension is listed once."""
        if len(set(self.extensions)) < len(self.extensions):
            raise ValueError(f"extensions {self.extensions} repeats one; fix the list")

    @property
    def object_name(self) -> str:
        """The Database object's name: a DNS name, so underscores become hyphens."""
        return self.name.replace("_", "-")
