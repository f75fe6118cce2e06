"""What both sides of the rendered YAML agree on about an app's role in PostgreSQL."""

NO_LIMIT = -1
"""PostgreSQL's connection limit of a role that has none."""


def credentials_name(role: str) -> str:
    """The Secret with the role's user name and password, in the Cluster's namespace.

    CloudNativePG sets the role's password from it.
    """
    return f"{role.replace('_', '-')}-app-credentials"
