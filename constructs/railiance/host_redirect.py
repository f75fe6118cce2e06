"""The redirect from an additional host to the main host: rendered here, checked by the gate."""

EVERY_ADDRESS = r"^https?://[^/]+/(.*)"
"""Matches every address of a host; what follows the host's slash is path and query."""


def replacement(host: str) -> str:
    """The same path and query on the main host, over HTTPS."""
    return f"https://{host}/${{1}}"
