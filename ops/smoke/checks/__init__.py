"""The checks, one subject a file, in the order in which they are made."""

from ops.smoke.checks import (
    additional_hosts,
    entry,
    hardening,
    logs,
    pages,
    static_files,
    transport,
)

CHECKS = (
    transport.chain,
    transport.name,
    transport.redirect,
    additional_hosts.hosts,
    pages.health,
    pages.login,
    pages.dashboard,
    pages.htmx,
    entry.create,
    entry.find,
    entry.remove,
    # What all pages have in common: when all have been seen.
    static_files.static,
    hardening.debug,
    hardening.headers,
    hardening.cookies,
    logs.logs,
)
