"""Commands of manage.py in a web pod that runs."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import click

from ops.cluster.client import Cluster
from ops.cluster.pod_exec import Execution, Keyboard
from ops.deploy.reason import state_of
from ops.documents.fleet import App
from ops.errors import AbortedError, OpsError
from ops.kinds.pod import Pod
from railiance.annotations import COMPONENT, NAME


def newest_ready(cluster: Cluster, app: App) -> Pod:
    """The web pod that became part of the app last; OpsError if none is ready."""
    labels = {NAME: app.name, COMPONENT: "web"}
    pods = [pod for pod in cluster.all(Pod, app.namespace, labels) if not pod.is_going]
    if ready := [pod for pod in pods if pod.is_ready]:
        return max(ready, key=lambda pod: pod.metadata.creation_timestamp)
    states = "; ".join(f"{pod.name}: {state_of(pod)}" for pod in pods) or "there is none"
    problem = f"no web pod of {app.name} is ready ({states})"
    look = f"`ops status --app {app.name}` shows why"
    raise OpsError(f"{problem}; {look}, `ops manage` without --exec needs none")


def execute(
    cluster: Cluster, app: App, pod: Pod, arguments: tuple[str, ...], keyboard: Keyboard | None
) -> int:
    """Run a command of manage.py in a web pod, and show its output; its exit code.

    With a keyboard it has a terminal. Raises AbortedError after Ctrl-C without one, which does not
    end the command.
    """
    execution = Execution(
        pod=pod,
        container=app.web.containers[0].name,
        command=app.launcher.run(*arguments),
        output=_shown(is_error=False),
        errors=_shown(is_error=True),
        keyboard=keyboard,
    )
    try:
        return cluster.execute(execution)
    except KeyboardInterrupt as error:
        where = f"Pod {pod.namespace}/{pod.name}"
        stop = f"kubectl --namespace {pod.namespace} delete pod {pod.name}"
        raise AbortedError(
            f"interrupted; the command goes on in {where} until it ends; `{stop}` ends it with the "
            "pod, which is replaced"
        ) from error


def _shown(*, is_error: bool) -> Callable[[bytes], None]:
    """Prints what comes, of which a character may be cut in two."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return lambda data: click.echo(decoder.decode(data), nl=False, err=is_error)
