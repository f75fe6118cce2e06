"""Bringing a box up, looking at it, and taking it down without a trace."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from box import certificates, cluster, debian, folder, ports, processes, programs
from box.command import git, kubectl
from box.components import PORT_NAMES, Component, Plan
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

READY_TIMEOUT_SECONDS = 60.0
POLL_INTERVAL_SECONDS = 0.05
# Room for a box with a hundred apps, with a margin.
RUN_BYTES = 2**30
# By which pods know the API server.
API_NAMES = tuple(f"kubernetes{rest}" for rest in ("", ".default", ".default.svc"))
NO_NODE = "is not in this box: its pods are played"
NODE_IS_PLAYED = "cannot take the place of the played one in a box that is there already"


@dataclass(frozen=True)
class ComponentStatus:
    """What a box's component is doing now."""

    name: str
    pid: int | None
    memory_bytes: int
    ready: bool


class Box:
    """One box, known by its name; it lives on when the object does not.

    ``cluster`` names the kubeconfig of a cluster to use instead of a control
    plane of the box's own; kwok and Argo CD then still run in the box.
    ``real_node`` puts a real node in kwok's place.
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
        """The name of the box."""
        return self.folder.name

    @property
    def kubeconfig(self) -> Path:
        """How to reach the cluster of the box."""
        return self.folder.kubeconfig

    def up(self) -> None:
        """Bring up whatever of the box is not up; does nothing to a box that is."""
        recorded = self.folder.read_settings()
        if self._real_node and recorded and not self.has_real_node:
            raise NodeRefusedError(NODE_IS_PLAYED, f"make box-down BOX={self.name}")
        if self._real_node or self.has_real_node:
            self.provide_node()
        programs.build_all(self.progress, of_node=self._real_node or self.has_real_node)
        require_room()
        self.folder.create()
        with folder.locked(self.folder.root):
            self.settle()
            self.start_all()

    def provide_node(self) -> None:
        """Fetch what a real node is made of, and find out whether this machine can have one."""
        requirements.require()
        packages = debian.unpacked("node", self.progress)
        requirements.try_kernel(packages)

    @property
    def has_real_node(self) -> bool:
        """Whether the box was brought up with one."""
        return self.network is not None

    @property
    def network(self) -> Network | None:
        """The addresses of the real node, where there is one."""
        number = self.folder.read_settings().get("network")
        return None if number is None else Network(cast("int", number))

    def restart(self, names: Sequence[str] = SERVICES) -> None:
        """Kill these components, by default the services of the real node, and start them again.

        One that does not run is only started. Raises ComponentUnknownError for a name that the
        box does not have.
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
        """Put the images of an OCI archive onto the real node."""
        self.node.import_archive(archive)

    def down(self) -> int:
        """End every process of the box, remove every file; return how many processes it was."""
        try:
            with folder.locked(self.folder.root):
                ended = processes.end_all(self.folder.root)
                if self.has_real_node:
                    self.node.clear()
                self.folder.remove()
        except FileNotFoundError:  # never there, or another down was faster
            ended = processes.end_all(self.folder.root)
        return ended

    def status(self) -> list[ComponentStatus]:
        """Each component of the box; none for a box that is not there."""
        if not self.folder.settings.exists():
            return []
        running = processes.leaders(self.folder.root)
        return [
            status_of(component, running.get(component.name)) for component in self.components()
        ]

    def kill(self, component: str) -> None:
        """Kill -9 one component, as a rehearsal does; ``up`` brings it back.

        With the holder of the node's namespaces all ends that runs in them.
        """
        running = processes.leaders(self.folder.root)
        if component not in running:
            raise BoxDownError(self.name)
        ending = (component, *SERVICES) if component == HOLDER else (component,)
        for name in ending:
            if name in running:
                processes.kill(running[name], self.folder.root)

    def serve(self, repository_url: str) -> Path:
        """The bare repository that Argo CD finds at this https address; created if need be."""
        address = urlsplit(repository_url)
        host = address.hostname or ""
        bare = self.serve_host(host) / address.path.lstrip("/")
        if not bare.exists():
            bare.parent.mkdir(parents=True, exist_ok=True)
            git("init", "--quiet", "--bare", "--initial-branch=main", bare)
        return bare

    def serve_host(self, host: str) -> Path:
        """The folder of a host that answers by HTTPS from now on, for repositories and images."""
        served = self.folder.repositories / host
        self.plan.authority.issue(served, user=host, hosts=[host])
        served.mkdir(parents=True, exist_ok=True)
        return served

    @cached_property
    def plan(self) -> Plan:
        """How the components are started."""
        recorded = self.folder.read_settings().get("ports")
        if recorded is None:
            raise BoxDownError(self.name)
        return Plan(self.folder, cast("dict[str, int]", recorded), self.network)

    @cached_property
    def node(self) -> Node:
        """The real node; raises NodeRefusedError for a box that has none."""
        if self.network is None:
            raise NodeRefusedError(NO_NODE, f"make box-up BOX={self.name} NODE=real")
        proxy = f"http://{self.plan.address('githost')}"
        return Node(self.folder, self.network, self.plan.authority.pair, self.plan.admin, proxy)

    def components(self) -> list[Component]:
        """Every component of the box."""
        return [component for stage in self.stages() for component in stage]

    def stages(self) -> list[list[Component]]:
        """The components in the order of starting: each stage needs the one before."""
        plan = self.plan
        if self.folder.read_settings().get("attached"):
            return [[plan.kwok(), *plan.delivery()]]
        etcd, kube_apiserver = plan.control_plane()
        last = plan.controllers() + plan.delivery()
        if not self.has_real_node:
            return [[etcd], [kube_apiserver], [plan.kwok(), *last]]
        node = self.node
        return [
            [node.holder()],
            [etcd, node.containerd()],
            [kube_apiserver],
            [*last, node.kubelet(), node.kube_proxy(), node.netpol()],
        ]

    def settle(self) -> None:
        """Make the choices that a box keeps for life: its ports, its keys, its cluster."""
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
        authority = self.plan.authority
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
        """By which a real node and its pods know the servers of the box."""
        if self.network is None:
            return ()
        return (*API_NAMES, self.network.api_service, self.network.host, self.network.node)

    def choose_network(self) -> int | None:
        """Addresses for the real node, if the box is to have one."""
        if not self._real_node:
            return None
        reserved = (box.read_settings().get("network") for box in folder.existing())
        return network.choose(
            [cast("int", number) for number in reserved if number is not None]
        ).number

    def make_kubeconfig(self) -> str:
        """The kubeconfig of the box's own control plane, or of the cluster that was named."""
        if self._cluster is None:
            server = f"https://{self.plan.address('kube-apiserver')}"
            return certificates.kubeconfig(server, self.plan.authority.pair, self.plan.admin)
        # One file that holds everything, whatever the caller's kubeconfig is pieced together from.
        view = ("config", "view", "--raw", "--flatten", "--minify")
        return kubectl(self._cluster, *view)

    def start_all(self) -> None:
        """Start what does not run, stage by stage; the cluster is furnished before its users."""
        running = set(processes.leaders(self.folder.root))
        *control_plane, rest = self.stages()
        for stage in control_plane:
            self.start(stage, running)
        if missing(rest, running):
            with self.progress.step(
                "installing the custom resources, the node, Argo CD's settings"
            ):
                cluster.prepare(self.kubeconfig, plays_node=not self.has_real_node)
        self.start(rest, running)
        recorded = self.folder.read_settings()
        if missing(self.components(), running) or not recorded.get("complete"):
            cluster.wait_until_served(self.kubeconfig)
            if self.has_real_node:
                with self.progress.step("installing what every node runs"):
                    system.furnish(self.folder, self.node.network)
            self.folder.write_settings(recorded | {"complete": True})

    def start(self, stage: list[Component], running: set[str]) -> None:
        """Start what of a stage does not run, and wait until the whole stage is ready."""
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
        """What every component sees: nothing of the caller's but where its programs are."""
        root = self.folder.root
        return {"PATH": os.environ["PATH"], "HOME": str(root / "home"), "TMPDIR": str(root / "tmp")}

    def wait_ready(self, component: Component, process: subprocess.Popen[bytes] | None) -> None:
        """Return once a component is ready; raise if it ends or takes too long."""
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
    """What a component is doing now."""
    if process is None:
        return ComponentStatus(component.name, pid=None, memory_bytes=0, ready=False)
    return ComponentStatus(component.name, process.pid, process.memory_bytes, component.is_ready())


def reserved_ports() -> set[int]:
    """The ports of every box that is there, whether its components run or not."""
    recorded = (box.read_settings().get("ports") for box in folder.existing())
    return {
        port for chosen in recorded if chosen for port in cast("dict[str, int]", chosen).values()
    }


def require_room() -> None:
    """Refuse to start a box that would fill the disk."""
    free = shutil.disk_usage(folder.parent()).free
    if free < RUN_BYTES:
        raise DiskFullError(folder.parent(), free, RUN_BYTES)
