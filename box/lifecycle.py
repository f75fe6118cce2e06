"""Starts a local cluster, shows its status, and removes it completely."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from box import certificates, cluster, debian, folder, left_over, ports, processes, programs
from box.command import git, kubectl
from box.components.control_plane import control_plane, controllers
from box.components.delivery import delivery
from box.components.layout import PORT_NAMES, Layout
from box.components.simulated_node import kwok
from box.errors import (
    BoxDownError,
    ComponentDiedError,
    ComponentSilentError,
    ComponentUnknownError,
    DiskFullError,
    PortTakenError,
)
from box.folder import Folder
from box.node import network, requirements, system
from box.node.namespace import HOLDER
from box.node.network import Network
from box.node.requirements import NodeRefusedError
from box.node.services import SERVICES, Node
from box.progress import Progress

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence
    from pathlib import Path

    from box.components.component import Component

READY_TIMEOUT_SECONDS = 60.0
POLL_INTERVAL_SECONDS = 0.05
# Disk space for a local cluster with a hundred apps, with a margin.
RUN_BYTES = 2**30
# DNS names of the API server for pods.
API_NAMES = tuple(f"kubernetes{rest}" for rest in ("", ".default", ".default.svc"))
NO_NODE = "is missing: the local cluster runs in control-plane mode"
NODE_IS_SIMULATED = "cannot replace the simulated node of an existing local cluster"


@dataclass(frozen=True)
class ComponentStatus:
    """The current state of a component."""

    name: str
    pid: int | None
    memory_bytes: int
    ready: bool


class Box:
    """One local cluster, identified by its name; it keeps running when the object is gone.

    ``cluster`` is the kubeconfig of a cluster to use instead of starting a control
    plane; kwok and Argo CD still run locally. ``real_node`` selects real-node mode.
    """

    def __init__(
        self,
        name: str,
        *,
        cluster: Path | None = None,
        real_node: bool = False,
        progress: Progress | None = None,
    ) -> None:
        self.folder = Folder(name)
        self.progress = progress or Progress()
        self._cluster = cluster
        self._real_node = real_node

    @property
    def name(self) -> str:
        """The name of the local cluster."""
        return self.folder.name

    @property
    def kubeconfig(self) -> Path:
        """The kubeconfig of the local cluster."""
        return self.folder.kubeconfig

    def up(self) -> None:
        """Start everything that does not run yet."""
        recorded = self.folder.read_settings()
        if self._real_node and recorded and not self.has_real_node:
            raise NodeRefusedError(NODE_IS_SIMULATED, f"make box-down BOX={self.name}")
        if self._real_node or self.has_real_node:
            self.provide_node()
        programs.build_all(self.progress, real_node=self._real_node or self.has_real_node)
        require_room()
        self.folder.create()
        with folder.locked(self.folder.root):
            self.initialize()
            self.start_all()

    def provide_node(self) -> None:
        """Fetch the packages of a real node, and check that this machine supports one."""
        requirements.require()
        packages = debian.unpacked("node", self.progress)
        requirements.try_kernel(packages)

    @property
    def has_real_node(self) -> bool:
        """Whether the local cluster was started in real-node mode."""
        return self.network is not None

    @property
    def network(self) -> Network | None:
        """The addresses of the real node, in real-node mode."""
        number = self.folder.read_settings().get("network")
        return None if number is None else Network(cast("int", number))

    def restart(self, names: Sequence[str] = SERVICES) -> None:
        """Kill these components, by default the services of the real node, and start them again.

        A component that does not run is only started. Raises ComponentUnknownError for an
        unknown name.
        """
        known = [component.name for component in self.components()]
        for name in names:
            if name not in known:
                raise ComponentUnknownError(name, known, self.name)
        running = processes.leaders(self.folder.root)
        for name in names:
            if name in running:
                self.kill(name)
        self.up()

    def import_archive(self, archive: Path) -> None:
        """Import the images of an OCI archive on the real node."""
        self.node.import_archive(archive)

    def down(self) -> int:
        """End every process and remove every file; return the number of processes."""
        try:
            with folder.locked(self.folder.root):
                ended = processes.end_all(self.folder.root)
                if self.has_real_node:
                    self.node.clear()
                left_over.remove_kubeconfigs(self.kubeconfig)
                self.folder.remove()
        except FileNotFoundError:  # it never existed, or another process removed it
            ended = processes.end_all(self.folder.root)
        return ended

    def status(self) -> list[ComponentStatus]:
        """Each component; empty if the local cluster does not exist."""
        if not self.folder.settings.exists():
            return []
        running = processes.leaders(self.folder.root)
        return [
            status_of(component, running.get(component.name)) for component in self.components()
        ]

    def kill(self, component: str) -> None:
        """Send SIGKILL to one component, for a rehearsal; ``up`` starts it again.

        Killing the holder of the node's namespaces ends everything in them.
        """
        running = processes.leaders(self.folder.root)
        if component not in running:
            raise BoxDownError(self.name)
        ending = (component, *SERVICES) if component == HOLDER else (component,)
        for name in ending:
            if name in running:
                processes.kill(running[name], self.folder.root)

    def serve(self, repository_url: str) -> Path:
        """The bare repository that Argo CD finds at this https URL; created if needed."""
        address = urlsplit(repository_url)
        host = address.hostname or ""
        bare = self.serve_host(host) / address.path.lstrip("/")
        if not bare.exists():
            bare.parent.mkdir(parents=True, exist_ok=True)
            git("init", "--quiet", "--bare", "--initial-branch=main", bare)
        return bare

    def serve_host(self, host: str) -> Path:
        """The folder served for an HTTPS host from now on, for repositories and images."""
        served = self.folder.repositories / host
        self.layout.authority.issue(served, user=host, hosts=[host])
        served.mkdir(parents=True, exist_ok=True)
        return served

    @cached_property
    def layout(self) -> Layout:
        """Where the components keep their files, and listen."""
        recorded = self.folder.read_settings().get("ports")
        if recorded is None:
            raise BoxDownError(self.name)
        return Layout(self.folder, cast("dict[str, int]", recorded), self.network)

    @cached_property
    def node(self) -> Node:
        """The real node; raises NodeRefusedError in control-plane mode."""
        if self.network is None:
            raise NodeRefusedError(NO_NODE, f"make box-up BOX={self.name} NODE=real")
        proxy = f"http://{self.layout.address('githost')}"
        return Node(self.folder, self.network, self.layout.authority.pair, self.layout.admin, proxy)

    def components(self) -> list[Component]:
        """Every component."""
        return [component for stage in self.stages() for component in stage]

    def stages(self) -> list[list[Component]]:
        """The components in the order of starting: each stage needs the previous one."""
        layout = self.layout
        if self.folder.read_settings().get("attached"):
            return [[kwok(layout), *delivery(layout)]]
        etcd, kube_apiserver = control_plane(layout)
        last = controllers(layout) + delivery(layout)
        if not self.has_real_node:
            return [[etcd], [kube_apiserver], [kwok(layout), *last]]
        node = self.node
        return [
            [node.holder()],
            [etcd, node.containerd()],
            [kube_apiserver],
            [*last, node.kubelet(), node.kube_proxy(), node.netpol()],
        ]

    def initialize(self) -> None:
        """Make the choices that a local cluster keeps for life: its ports, keys and cluster."""
        if not self.folder.read_settings():
            with folder.locked(folder.parent()):
                chosen = ports.choose(PORT_NAMES, reserved=reserved_ports())
                self.folder.write_settings(
                    {
                        "ports": chosen,
                        "attached": self._cluster is not None,
                        "network": self.choose_network(),
                    }
                )
        authority = self.layout.authority
        authority.create()
        authority.issue(self.folder.pki / "service-account", user="service-account")
        authority.issue(
            self.folder.pki / "admin",
            user="admin",
            group="system:masters",
            hosts=[ports.LOOPBACK, "localhost", *self.node_names()],
        )
        if not self.kubeconfig.exists():
            folder.write(self.kubeconfig, self.make_kubeconfig())

    def node_names(self) -> Sequence[str]:
        """The names by which a real node and its pods reach the servers."""
        if self.network is None:
            return ()
        return (*API_NAMES, self.network.api_service, self.network.host, self.network.node)

    def choose_network(self) -> int | None:
        """Addresses for the real node; None in control-plane mode."""
        if not self._real_node:
            return None
        reserved = (box.read_settings().get("network") for box in folder.existing())
        return network.choose(
            [cast("int", number) for number in reserved if number is not None]
        ).number

    def make_kubeconfig(self) -> str:
        """The kubeconfig of the own control plane, or of the given cluster."""
        if self._cluster is None:
            server = f"https://{self.layout.address('kube-apiserver')}"
            return certificates.kubeconfig(server, self.layout.authority.pair, self.layout.admin)
        # Flattened into one file, even if the caller's kubeconfig consists of several.
        view = ("config", "view", "--raw", "--flatten", "--minify")
        return kubectl(self._cluster, *view)

    def start_all(self) -> None:
        """Start what does not run, stage by stage; prepare the cluster before its users start."""
        running = set(processes.leaders(self.folder.root))
        *control_plane, rest = self.stages()
        for stage in control_plane:
            self.start(stage, running)
        if missing(rest, running):
            with self.progress.step("installing CRDs, the node, Argo CD's settings"):
                cluster.prepare(self.kubeconfig, plays_node=not self.has_real_node)
        self.start(rest, running)
        recorded = self.folder.read_settings()
        if missing(self.components(), running) or not recorded.get("complete"):
            cluster.wait_until_served(self.kubeconfig)
            if self.has_real_node:
                with self.progress.step("installing CoreDNS and local-path-provisioner"):
                    system.install(self.folder, self.node.network)
            self.folder.write_settings(recorded | {"complete": True})

    def start(self, stage: list[Component], running: set[str]) -> None:
        """Start the missing components of a stage, and wait until the whole stage is ready."""
        absent = missing(stage, running)
        with self.progress.step(
            f"starting {', '.join(c.name for c in absent)}", shown=bool(absent)
        ):
            launched = {component.name: self.launch(component) for component in absent}
            for component in stage:
                self.wait_ready(component, launched.get(component.name))

    def launch(self, component: Component) -> subprocess.Popen[bytes]:
        """Start a component; its ports must be free."""
        for port in component.ports:
            if not ports.is_free(port):
                raise PortTakenError(component.name, port, self.name)
        component.prepare()
        return processes.start(
            component.name,
            component.argv,
            box=self.folder.root,
            log=self.folder.log(component.name),
            environment={**self.environment(), **component.environment},
        )

    def environment(self) -> dict[str, str]:
        """The base environment of every component; of the caller's only the PATH is kept."""
        root = self.folder.root
        return {"PATH": os.environ["PATH"], "HOME": str(root / "home"), "TMPDIR": str(root / "tmp")}

    def wait_ready(self, component: Component, process: subprocess.Popen[bytes] | None) -> None:
        """Return once a component is ready; raise if it exits or takes too long."""
        log = self.folder.log(component.name)
        deadline = time.monotonic() + READY_TIMEOUT_SECONDS
        while not component.is_ready():
            if process is not None and process.poll() is not None:
                raise ComponentDiedError(component.name, log, self.name)
            if time.monotonic() > deadline:
                raise ComponentSilentError(component.name, log, READY_TIMEOUT_SECONDS, self.name)
            time.sleep(POLL_INTERVAL_SECONDS)


def missing(stage: list[Component], running: set[str]) -> list[Component]:
    """The components of a stage that do not run."""
    return [component for component in stage if component.name not in running]


def status_of(component: Component, process: processes.Process | None) -> ComponentStatus:
    """The current state of a component."""
    if process is None:
        return ComponentStatus(component.name, pid=None, memory_bytes=0, ready=False)
    return ComponentStatus(component.name, process.pid, process.memory_bytes, component.is_ready())


def reserved_ports() -> set[int]:
    """The ports of every existing local cluster, whether its components run or not."""
    recorded = (box.read_settings().get("ports") for box in folder.existing())
    return {
        port for chosen in recorded if chosen for port in cast("dict[str, int]", chosen).values()
    }


def require_room() -> None:
    """Refuse to start a local cluster that would fill the disk."""
    free = shutil.disk_usage(folder.parent()).free
    if free < RUN_BYTES:
        raise DiskFullError(folder.parent(), free, RUN_BYTES)
