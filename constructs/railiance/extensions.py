"""Rules against PostgreSQL extensions, used by declarations and by the gate."""

_REACH_OUTSIDE = {
    *("adminpack", "dblink", "file_fdw", "postgres_fdw"),
    *("plperlu", "plpython3u", "pltclu"),
}


def reaches_outside(extension: str) -> bool:
    """Whether an extension reads other databases or the server's files, or runs code there.

    Source: PostgreSQL 16, "Additional Supplied Modules and Extensions" and "PL/Python".
    """
    return extension in _REACH_OUTSIDE
