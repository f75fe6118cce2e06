"""Argo CD, and what it depends on: the git server and its cache."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from box import programs
from box.command import git
from box.components.component import Component
from box.components.readiness import accepts_connections
from box.ports import LOOPBACK

if TYPE_CHECKING:
    from box.components.layout import Layout

NAMESPACE = "argocd"


def delivery(layout: Layout) -> list[Component]:
    """Argo CD and its dependencies, which run on any cluster."""
    return [
        githost(layout),
        _redis(layout),
        _argocd_repo_server(layout),
        _argocd_application_controller(layout),
    ]


def githost(layout: Layout) -> Component:
    """Serves the git repositories, and the apps' images to a real node."""
    backend = Path(git("--exec-path").strip()) / "git-http-backend"
    arguments = (
        f"-listen={layout.address('githost')}",
        f"-root={layout.folder.repositories}",
        f"-backend={backend}",
    )
    ports = (layout.ports["githost"],)
    return Component(
        name="githost",
        arguments=arguments,
        ports=ports,
        is_ready=lambda: accepts_connections(layout.ports["githost"], layout.api_host),
    )


def _redis(layout: Layout) -> Component:
    """Argo CD's cache."""
    arguments = (f"-listen={layout.address('redis')}",)
    return Component(
        name="redis",
        arguments=arguments,
        ports=(layout.ports["redis"],),
        is_ready=layout.accepts("redis"),
    )


def _argocd_repo_server(layout: Layout) -> Component:
    """Argo CD's repo-server, which reads the repositories."""
    metrics = layout.ports["argocd-repo-server-metrics"]
    root, ca = layout.folder.root, str(layout.authority.pair.certificate)
    arguments = (
        f"--address={LOOPBACK}",
        f"--port={layout.ports['argocd-repo-server']}",
        f"--metrics-address={LOOPBACK}",
        f"--metrics-port={metrics}",
        f"--redis={layout.address('redis')}",
        # Without this cache the next refresh sees a new commit, not up to 3 minutes later.
        "--revision-cache-expiration=1s",
        "--logformat=text",
    )
    environment = {
        **_argocd_environment(layout),
        "HTTPS_PROXY": f"http://{layout.address('githost')}",
        # Argo CD lists branches itself (Go reads the first), but fetches with git (the second).
        "SSL_CERT_FILE": ca,
        "GIT_SSL_CAINFO": ca,
        # The default is one fixed path in /tmp, which two local clusters would share.
        "ARGOCD_ASK_PASS_SOCK": str(root / "tmp" / "ask-pass.sock"),
        # No project requires signed commits, so there is no keyring.
        "ARGOCD_GPG_ENABLED": "false",
        "PATH": f"{_signature_check(layout).parent}:{os.environ['PATH']}",
    }
    return Component(
        name="argocd-repo-server",
        arguments=arguments,
        ports=(layout.ports["argocd-repo-server"], metrics),
        is_ready=layout.answers("argocd-repo-server-metrics", "http", "/healthz"),
        environment=environment,
    )


def _signature_check(layout: Layout) -> Path:
    """The script that the repo-server runs on every commit, signed or not.

    Argo CD's image has it on the PATH; here it is copied from the Go module, whose
    files are not executable.
    """
    module = programs.module_folder("argocd", "github.com/argoproj/argo-cd/v3")
    script = layout.folder.root / "bin" / "git-verify-wrapper.sh"
    if not script.exists():
        shutil.copyfile(module / "hack" / script.name, script)
        script.chmod(0o755)
    return script


def _argocd_application_controller(layout: Layout) -> Component:
    """Argo CD's application controller, which compares and syncs."""
    arguments = (
        f"--namespace={NAMESPACE}",
        f"--repo-server={layout.address('argocd-repo-server')}",
        f"--redis={layout.address('redis')}",
        # Argo CD has no option for this address: it listens on all of them.
        f"--metrics-port={layout.ports['argocd-application-controller']}",
        # How often it polls for a new commit without a refresh.
        "--app-resync=60",
        "--app-resync-jitter=0",
        "--repo-error-grace-period-seconds=0",
        "--logformat=text",
    )
    environment = {
        **_argocd_environment(layout),
        # The default pause between waves is 2 s. Health checks of a wave are not affected.
        "ARGOCD_SYNC_WAVE_DELAY": "1",
        # By default it processes changes every 100 ms. Without a pause between waves it mistakes a
        # hook that it has just deleted for the new one: argo-cd issue 10077.
        "ARGOCD_CLUSTER_CACHE_BATCH_EVENTS_PROCESSING": "false",
    }
    component = layout.server("argocd-application-controller", arguments, "http", "/healthz")
    return replace(component, environment=environment)


def _argocd_environment(layout: Layout) -> dict[str, str]:
    """Environment variables that both components of Argo CD need."""
    return {
        "KUBECONFIG": str(layout.folder.kubeconfig),
        # "In cluster" then means the cluster of this kubeconfig.
        "ARGOCD_FAKE_IN_CLUSTER": "true",
        "ARGOCD_TLS_DATA_PATH": str(layout.folder.pki),
        "ARGOCD_SSH_DATA_PATH": str(layout.folder.pki),
    }
