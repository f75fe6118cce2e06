"""The policy, one area a file. Importing the package registers every check."""

from ops.gate.checks import (
    argocd_checks,
    database_checks,
    exposure_checks,
    image_checks,
    labels_checks,
    maintenance_checks,
    network_checks,
    ownership_checks,
    pods_checks,
    processes_checks,
    secrets_checks,
    settings_checks,
    shape_checks,
    sizes_checks,
    storage_checks,
    sync_checks,
)

__all__ = [
    "argocd_checks",
    "database_checks",
    "exposure_checks",
    "image_checks",
    "labels_checks",
    "maintenance_checks",
    "network_checks",
    "ownership_checks",
    "pods_checks",
    "processes_checks",
    "secrets_checks",
    "settings_checks",
    "shape_checks",
    "sizes_checks",
    "storage_checks",
    "sync_checks",
]
