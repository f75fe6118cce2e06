"""Serves a clone of this repository to a local cluster, for a person who tries things out."""

from __future__ import annotations

import contextlib
import json
import shlex
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
from lightkube import ApiError

from box import folder, programs
from box.command import git
from box.played.controllers import CertManager, CloudNativePG, Traefik
from box.played.objects import Objects
from box.played.platform import furnish
from ops.documents.fleet import Fleet, load
from ops.kinds.database import Database

if TYPE_CHECKING:
    from box.lifecycle import Box

INTERVAL_SECONDS = 1.0
NOT_HERE = ("dns", "port.http", "port.https", "registry", "image")
"""The checks of the preflight that need the public network or the production registry."""


@dataclass(frozen=True)
class Served:
    """A clone that a local cluster's Argo CD reads, and how to reach both."""

    box: Box
    clone: Path
    fleet: Fleet

    @classmethod
    def of(cls, box: Box, clone: Path) -> Served:
        """Publish the clone's last commit where Argo CD looks, and write the kubeconfig.

        Raises OpsError if the clone has no rendered manifests or no commit.
        """
        served = cls(box, clone, load(clone))
        served.publish()
        config = json.loads(box.kubeconfig.read_text())
        config["contexts"][0]["name"] = config["current-context"] = served.fleet.platform.name
        folder.write(served.kubeconfig, json.dumps(config, indent=2))
        return served

    @property
    def kubeconfig(self) -> Path:
        """A kubeconfig whose context has the platform's name, as production's has."""
        return self.box.folder.root / f"{self.fleet.platform.name}.kubeconfig"

    @property
    def bare(self) -> Path:
        """The repository that Argo CD reads."""
        return self.box.serve(self.fleet.platform.repository_url)

    def publish(self) -> None:
        """Push the clone's last commit to the branch that Argo CD follows."""
        branch = f"HEAD:refs/heads/{self.fleet.platform.revision}"
        git("push", "--quiet", "--force", self.bare, branch, folder=self.clone)

    def exports(self) -> list[str]:
        """What a shell needs: kubectl, the context, the repository's address, checks to skip."""
        platform = self.fleet.platform
        variables = {
            "KUBECONFIG": str(self.kubeconfig),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{self.bare}.insteadOf",
            "GIT_CONFIG_VALUE_0": platform.repository_url,
            "SKIP": " ".join(NOT_HERE),
        }
        lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
        return [*lines, f"export PATH={shlex.quote(str(programs.path('kubectl').parent))}:$PATH"]

    def play(self) -> None:
        """Create the platform's objects, then write what its controllers would write, for ever."""
        objects = Objects(self.box.kubeconfig)
        databases = [app.typed(Database).spec for app in self.fleet.apps.values()]
        platform = self.fleet.platform
        furnish(objects, platform, {spec.name: spec.owner for spec in databases})
        played = (
            CloudNativePG(objects),
            CertManager(objects),
            Traefik(objects, platform.public_address),
        )
        while True:
            for controller in played:
                # Deleted or changed meanwhile, or the API server restarts: the next round sees.
                with contextlib.suppress(ApiError, httpx2.TransportError):
                    controller.act()
            time.sleep(INTERVAL_SECONDS)
