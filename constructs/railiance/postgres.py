"""Rules about roles and extensions of PostgreSQL, used by declarations and by the gate."""

NO_LIMIT = -1
"""The connection limit of a role that has none."""

_REACH_OUTSIDE = {
    *("adminpack", "dblink", "file_fdw", "postgres_fdw"),
    *("plperlu", "plpython3u", "pltclu"),
}


def credentials_name(role: str) -> str:
    """The Secret with the role's user name and password, in the Cluster's namespace.

    CloudNativePG sets the role's password from it.
    """
    return f"{role.replace('_', '-')}-app-credentials"


def reaches_outside(extension: str) -> bool:
    """Whether an extension reads other databases or the server's files, or runs code there.

    Source: PostgreSQL 16, "Additional Supplied Modules and Extensions" and "PL/Python".
    """
    return extension in _REACH_OUTSIDE
