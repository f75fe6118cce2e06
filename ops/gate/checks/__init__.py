"""The policy, one area a file. Importing the package registers every check."""

from ops.gate.checks import (
    argocd,
    database,
    exposure,
    image,
    labels,
    network,
    ownership,
    pods,
    secrets,
    settings,
    shape,
    sync,
)

__all__ = [
    "argocd",
    "database",
    "exposure",
    "image",
    "labels",
    "network",
    "ownership",
    "pods",
    "secrets",
    "settings",
    "shape",
    "sync",
]
