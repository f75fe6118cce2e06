"""Kubeconfigs for clusters that are not there."""

import json
from pathlib import Path

SERVER = "https://127.0.0.1:1"
"""Where nobody listens."""


def nowhere(folder: Path) -> Path:
    """A kubeconfig whose cluster is away."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "away", "cluster": {"server": SERVER}}],
        "users": [{"name": "away", "user": {}}],
        "contexts": [{"name": "away", "context": {"cluster": "away", "user": "away"}}],
        "current-context": "away",
    }
    file = folder / "kubeconfig"
    file.write_text(json.dumps(config))
    return file
