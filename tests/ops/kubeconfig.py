"""Kubeconfigs for clusters that are not there."""

import json
from collections.abc import Mapping
from pathlib import Path

SERVER = "https://127.0.0.1:1"
"""Where nobody listens."""


def config(server: str = SERVER, user: Mapping[str, object] | None = None) -> dict[str, object]:
    """A kubeconfig with one context, called away."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "away", "cluster": {"server": server}}],
        "users": [{"name": "away", "user": user or {}}],
        "contexts": [{"name": "away", "context": {"cluster": "away", "user": "away"}}],
        "current-context": "away",
    }


def nowhere(folder: Path) -> Path:
    """A kubeconfig whose cluster is away."""
    file = folder / "kubeconfig"
    file.write_text(json.dumps(config()))
    return file
