"""The programs of a local cluster, built from the Go modules pinned below ``box/go``.

A program is built when it is missing or its inputs have changed: a hash of its
module's files is stored beside it. Go's own caches do the rest.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from box.errors import CompilerMissingError, DiskFullError
from box.folder import locked
from ops.host.command import Command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from box.progress import Progress

SOURCES = Path(__file__).parent / "go"
TOOLS = Path(__file__).parent.parent / ".tools"
BUILD_TIMEOUT_SECONDS = 2400.0
GIBIBYTE = 2**30


@dataclass(frozen=True, kw_only=True)
class Program:
    """One binary, the Go package it is built from, and its names."""

    module: str
    package: str
    names: tuple[str, ...]
    stamp: tuple[str, str] = ("", "")
    """A Go variable for the version, and the module whose version it gets."""
    real_node_only: bool = field(default=False, repr=False)
    """Whether only real-node mode needs it."""
    build_bytes: int = field(default=2 * GIBIBYTE, repr=False)
    """The disk space that Go's caches take for it if they are empty, rounded up."""

    @property
    def source(self) -> Path:
        """The folder of our Go module."""
        return SOURCES / self.module

    @property
    def binary(self) -> Path:
        """The built file; if the program has several names, they are links to it."""
        return TOOLS / "bin" / (self.names[0] if len(self.names) == 1 else self.module)


PROGRAMS = (
    Program(module="standins", package="./githost", names=("githost",)),
    Program(module="standins", package="./redis", names=("redis",)),
    Program(module="standins", package="./pause", names=("pause",), real_node_only=True),
    Program(module="kwok", package="sigs.k8s.io/kwok/cmd/kwok", names=("kwok",)),
    Program(
        module="kubernetes",
        package=".",
        names=(
            *("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"),
            *("kubelet", "kube-proxy", "netpol"),
        ),
        stamp=("k8s.io/component-base/version.gitVersion", "k8s.io/kubernetes"),
        build_bytes=5 * GIBIBYTE,
    ),
    Program(
        module="argocd",
        package="github.com/argoproj/argo-cd/v3/cmd",
        names=("argocd-application-controller", "argocd-repo-server"),
        stamp=("github.com/argoproj/argo-cd/v3/common.version", "github.com/argoproj/argo-cd/v3"),
        build_bytes=5 * GIBIBYTE,
    ),
    Program(
        module="coredns",
        package="github.com/coredns/coredns",
        names=("coredns",),
        real_node_only=True,
    ),
    Program(
        module="local-path",
        package="github.com/rancher/local-path-provisioner",
        names=("local-path-provisioner",),
        real_node_only=True,
    ),
)

# For the images that real-node mode installs, and for the ACME server.
IMAGE_PROGRAMS = (
    Program(
        module="cloudnative-pg",
        package="github.com/cloudnative-pg/cloudnative-pg/cmd/manager",
        names=("cnpg-manager",),
    ),
    Program(
        module="cloudnative-pg-1.30",
        package="github.com/cloudnative-pg/cloudnative-pg/cmd/manager",
        names=("cnpg-manager-1.30",),
    ),
    Program(
        module="cert-manager",
        package=".",
        names=("cert-manager",),
        stamp=(
            "github.com/cert-manager/cert-manager/pkg/util.AppVersion",
            "github.com/cert-manager/cert-manager",
        ),
    ),
    Program(module="cert-manager", package="./acmesolver", names=("acmesolver",)),
    Program(
        module="pebble", package="github.com/letsencrypt/pebble/v2/cmd/pebble", names=("pebble",)
    ),
)

# For the S3 service, which is started only where it is asked for.
OBJECT_STORE_PROGRAMS = (
    Program(
        module="versitygw",
        package="github.com/versity/versitygw/cmd/versitygw",
        names=("versitygw",),
    ),
)

# For the comparison of the gate's reader with Argo CD's.
YAML_READER_PROGRAMS = (Program(module="argocd", package="./splityaml", names=("splityaml",)),)


def path(name: str) -> Path:
    """The path of a program, whether it is built or not."""
    return TOOLS / "bin" / name


def build_all(progress: Progress, *, real_node: bool = False) -> None:
    """Build what is missing or outdated; with ``real_node``, also what only a real node needs."""
    build_missing(progress, [each for each in PROGRAMS if real_node or not each.real_node_only])


def build_missing(progress: Progress, wanted: Sequence[Program]) -> None:
    """Build what is missing or outdated, one at a time, because each build uses all cores."""
    (TOOLS / "bin").mkdir(parents=True, exist_ok=True)
    with locked(TOOLS / "bin"):
        for program in wanted:
            digest = digest_of(program)
            if is_built(program, digest):
                continue
            with progress.step(f"building {', '.join(program.names)}"):
                build(program)
                digest_file(program).write_text(digest)


def is_built(program: Program, digest: str) -> bool:
    """Whether a program exists with all its names and was built from these inputs."""
    file = digest_file(program)
    present = all(path(name).exists() for name in program.names)
    return present and file.exists() and file.read_text() == digest


def digest_file(program: Program) -> Path:
    """The file that records the inputs' digest of a program."""
    return TOOLS / "bin" / f".{program.binary.name}.sha256"


def digest_of(program: Program) -> str:
    """A hash of everything that determines the binary."""
    digest = hashlib.sha256(repr(program).encode())
    for file in sorted(source_files(program)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def source_files(program: Program) -> Iterator[Path]:
    """The source files of a program; go.sum stands for the required modules."""
    patterns = ("go.mod", "go.sum", "*.go", "*/*.go")
    return (file for pattern in patterns for file in program.source.glob(pattern))


def build(program: Program) -> None:
    """Compile a program and create its names, replacing each file atomically."""
    require_room(program.build_bytes)
    draft = program.binary.with_suffix(".draft")
    flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", f"-ldflags={linker_flags(program)}"]
    go("build", *flags, "-o", str(draft), program.package, module=program.module)
    draft.replace(program.binary)
    for name in program.names:
        if path(name) != program.binary:
            path(name).unlink(missing_ok=True)
            path(name).symlink_to(program.binary.name)


def linker_flags(program: Program) -> str:
    """Omit the debug tables, and set the version as a release build does."""
    variable, module = program.stamp
    if not variable:
        return "-s -w"
    return f"-s -w -X {variable}={version_of(program.module, module)}"


@cache
def version_of(ours: str, module: str) -> str:
    """The version, with its v, that one of our modules requires of another module."""
    return go("list", "-m", "-f", "{{.Version}}", module, module=ours).strip()


@cache
def module_folder(module: str, name: str) -> Path:
    """The folder in Go's cache of a module that one of ours requires, for its other files."""
    found = json.loads(go("mod", "download", "-json", name, module=module))
    return Path(found["Dir"])


def go(*arguments: str, module: str) -> str:
    """Run the Go of this virtual environment in one of our modules."""
    compiler = Path(sys.executable).parent / "go"
    if not compiler.exists():
        raise CompilerMissingError(compiler)
    environment = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}
    return Command(
        [compiler, *arguments],
        fix="make setup",
        folder=SOURCES / module,
        environment=environment,
        timeout_seconds=BUILD_TIMEOUT_SECONDS,
    ).run()


def require_room(needed: int) -> None:
    """Refuse to start a build that would fill the disk of Go's caches."""
    caches = json.loads(go("env", "-json", "GOCACHE", "GOMODCACHE", module="standins"))
    for name in ("GOCACHE", "GOMODCACHE"):
        folder = nearest_existing(Path(caches[name]))
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise DiskFullError(folder, free, needed)


def nearest_existing(folder: Path) -> Path:
    """The folder, or its nearest parent that exists."""
    return next(candidate for candidate in (folder, *folder.parents) if candidate.exists())
