"""Applies objects to the cluster, and waits for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from box.command import kubectl
from box.errors import BoxError
from box.poll import NotInTimeError, until
from ops.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Document = dict[str, Any]
READY_TIMEOUT_SECONDS = 120.0
ADMITTED_TIMEOUT_SECONDS = 40.0
SERVER_SIDE = ("--server-side", "--force-conflicts", "--field-manager=railiance-box")


class NotReadyError(BoxError):
    """A part of the platform did not become ready in time; shows its status and pods."""

    def __init__(self, what: str, status: str) -> None:
        super().__init__(f"{what} is not ready: {status}", "make box-status, then check its pods")


def apply(kubeconfig: Path, documents: Iterable[Document]) -> None:
    """Server-side apply, repeatable; documents go through a pipe because some are Secrets."""
    text = yaml.dump_all(documents, Dumper=yaml.CSafeDumper, sort_keys=False)
    kubectl(kubeconfig, "apply", *SERVER_SIDE, "-f", "-", stdin=text)


def apply_once_admitted(kubeconfig: Path, documents: list[Document]) -> None:
    """Apply, and retry until the admission webhook answers."""

    def admitted() -> bool:
        try:
            apply(kubeconfig, documents)
        except CommandError as error:
            if "failed calling webhook" not in str(error):
                raise
            return False
        return True

    names = ", ".join(each["metadata"]["name"] for each in documents)
    until(admitted, f"the webhook for {names} answers", ADMITTED_TIMEOUT_SECONDS)


def get(kubeconfig: Path, namespace: str, kind: str, name: str) -> Document:
    """A live object; empty if it does not exist."""
    found = kubectl(kubeconfig, "get", "-n", namespace, kind, name, "-o=json", "--ignore-not-found")
    live: Document = json.loads(found or "{}")
    return live


def wait(
    kubeconfig: Path, namespace: str, kind: str, name: str, condition: Callable[[Document], bool]
) -> Document:
    """Return the live object once it meets the condition; report its status after the timeout."""
    try:
        until(
            lambda: condition(get(kubeconfig, namespace, kind, name)),
            f"{kind} {namespace}/{name} is ready",
            READY_TIMEOUT_SECONDS,
        )
    except NotInTimeError as error:
        status = get(kubeconfig, namespace, kind, name).get("status", "no such object")
        raise NotReadyError(
            f"{kind} {namespace}/{name}", f"{json.dumps(status)}\n{pods(kubeconfig, namespace)}"
        ) from error
    return get(kubeconfig, namespace, kind, name)


def wait_for_deployment(kubeconfig: Path, namespace: str, name: str) -> None:
    """Return once every pod of a Deployment is available."""
    wait(kubeconfig, namespace, "deployment", name, is_rolled_out)


def is_rolled_out(deployment: Document) -> bool:
    """Whether all pods are available, and all of them from the newest template."""
    status = deployment.get("status", {})
    wanted = deployment.get("spec", {}).get("replicas")
    return (
        bool(wanted)
        and status.get("observedGeneration") == deployment["metadata"]["generation"]
        and all(status.get(f"{kind}Replicas") == wanted for kind in ("updated", "available"))
        and status.get("replicas") == wanted
    )


def is_true(condition: str) -> Callable[[Document], bool]:
    """A check that an object's status has this condition as True."""

    def check(document: Document) -> bool:
        conditions = document.get("status", {}).get("conditions") or []
        return any(c["type"] == condition and c["status"] == "True" for c in conditions)

    return check


def pods(kubeconfig: Path, namespace: str) -> str:
    """The pods of a namespace, as kubectl prints them."""
    return kubectl(kubeconfig, "get", "pods", "-n", namespace, "-o=wide").strip()
