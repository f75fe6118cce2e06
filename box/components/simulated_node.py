"""The node of control-plane mode: kwok, which simulates it with its pods and volumes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from box import programs

if TYPE_CHECKING:
    from box.components.component import Component
    from box.components.layout import Layout

NODE_ANNOTATION = "kwok.x-k8s.io/node=fake"
STAGES = Path(__file__).parents[1] / "stages"


def kwok(layout: Layout) -> Component:
    """Simulates the node, its pods and its volumes."""
    stages = programs.module_folder("kwok", "sigs.k8s.io/kwok") / "kustomize" / "stage"
    files = (
        stages / "node" / "fast" / "node-initialize.yaml",
        stages / "node" / "heartbeat-with-lease" / "node-heartbeat-with-lease.yaml",
        stages / "pod" / "fast" / "pod-ready.yaml",
        stages / "pod" / "fast" / "pod-delete.yaml",
        *sorted(STAGES.glob("*.yaml")),
    )
    arguments = (
        f"--kubeconfig={layout.folder.kubeconfig}",
        f"--manage-nodes-with-annotation-selector={NODE_ANNOTATION}",
        f"--server-address={layout.address('kwok')}",
        "--node-lease-duration-seconds=40",
        *(f"--config={file}" for file in files),
    )
    return layout.server("kwok", arguments, "http", "/healthz")
