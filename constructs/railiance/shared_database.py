"""The declaration of an app's database."""

from typing import Annotated

from railiance import checks
from railiance.declaration import declaration


@declaration
class SharedDatabase:
    """A database in the shared PostgreSQL cluster, owned by a role of the app's own.

    The platform creates the role (CloudNativePG 1.28 manages roles only in its Cluster); the
    database is declared here.
    """

    name: Annotated[str, checks.postgres_name]
    """The database's name in PostgreSQL; immutable, a new name creates a new database."""
    role: Annotated[str, checks.postgres_name]
    """The owner: a role for this app alone."""

    @property
    def object_name(self) -> str:
        """The Database object's name: a DNS name, so underscores become hyphens."""
        return self.name.replace("_", "-")
