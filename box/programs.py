"""The programs of a box, built from the Go modules pinned below ``box/go``.

A program is built when it is missing or when what it is built from changed: a
hash of its module's files stands beside it. Go's own caches do the rest.
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
from ops.command import Command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from box.progress import Progress

SOURCES = Path(__file__).parent / "go"
TOOLS = Path(__file__).parent.parent / ".tools"
BUILD_TIMEOUT_SECONDS = 2400.0
# Room for Go's build and module caches after a cold build of every program, with a margin.
BUILD_BYTES = 12 * 2**30


@dataclass(frozen=True, kw_only=True)
class Program:
    """One binary, the package it is built from, and the names it is called by."""

    module: str
    package: str
    names: tuple[str, ...]
    stamp: tuple[str, str] = ("", "")
    """A Go variable that holds the version, and the module whose version it is."""
    of_node: bool = field(default=False, repr=False)
    """Whether only a real node needs it."""

    @property
    def source(self) -> Path:
        """Our Go module."""
        return SOURCES / self.module

    @property
    def binary(self) -> Path:
        """The file that is built; where it is called by several names, they are links to it."""
        return TOOLS / "bin" / (self.names[0] if len(self.names) == 1 else self.module)


PROGRAMS = (
    Program(module="standins", package="./githost", names=("githost",)),
    Program(module="standins", package="./redis", names=("redis",)),
    Program(module="standins", package="./pause", names=("pause",), of_node=True),
    Program(module="kwok", package="sigs.k8s.io/kwok/cmd/kwok", names=("kwok",)),
    Program(
        module="kubernetes",
        package=".",
        names=(
            *("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"),
            *("kubelet", "kube-proxy", "netpol"),
        ),
        stamp=("k8s.io/component-base/version.gitVersion", "k8s.io/kubernetes"),
    ),
    Program(
        module="argocd",
        package="github.com/argoproj/argo-cd/v3/cmd",
        names=("argocd-application-controller", "argocd-repo-server"),
        stamp=("github.com/argoproj/argo-cd/v3/common.version", "github.com/argoproj/argo-cd/v3"),
    ),
    Program(
        module="coredns",
        package="github.com/coredns/coredns",
        names=("coredns",),
        of_node=True,
    ),
    Program(
        module="local-path",
        package="github.com/rancher/local-path-provisioner",
        names=("local-path-provisioner",),
        of_node=True,
    ),
)

# What the images of the node's floor are made of, and the certificate authority beside it.
IMAGE_PROGRAMS = (
    Program(
        module="cloudnative-pg",
        package="github.com/cloudnative-pg/cloudnative-pg/cmd/manager",
        names=("cnpg-manager",),
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


def path(name: str) -> Path:
    """The file of a program, whether it is built or not."""
    return TOOLS / "bin" / name


def build_all(progress: Progress, *, of_node: bool = False) -> None:
    """Build what is missing or out of date, with ``of_node`` what a real node needs as well."""
    build_missing(progress, [each for each in PROGRAMS if of_node or not each.of_node])


def build_missing(progress: Progress, wanted: Sequence[Program]) -> None:
    """Build what is missing or out of date; one at a time, for each uses all cores."""
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
    """Whether a program and all its names are there, built from this."""
    file = digest_file(program)
    present = all(path(name).exists() for name in program.names)
    return present and file.exists() and file.read_text() == digest


def digest_file(program: Program) -> Path:
    """Where it is written what a program was built from."""
    return TOOLS / "bin" / f".{program.binary.name}.sha256"


def digest_of(program: Program) -> str:
    """A hash of everything that decides what the binary is."""
    digest = hashlib.sha256(repr(program).encode())
    for file in sorted(source_files(program)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def source_files(program: Program) -> Iterator[Path]:
    """What a program is built from, the modules it requires by their hashes."""
    patterns = ("go.mod", "go.sum", "*.go", "*/*.go")
    return (file for pattern in patterns for file in program.source.glob(pattern))


def build(program: Program) -> None:
    """Compile a program and give it its names, replacing each at one stroke."""
    require_room()
    draft = program.binary.with_suffix(".draft")
    flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", f"-ldflags={linker_flags(program)}"]
    go("build", *flags, "-o", str(draft), program.package, module=program.module)
    draft.replace(program.binary)
    for name in program.names:
        if path(name) != program.binary:
            path(name).unlink(missing_ok=True)
            path(name).symlink_to(program.binary.name)


def linker_flags(program: Program) -> str:
    """Drop the debug tables, and say the version that a release build would say."""
    variable, module = program.stamp
    if not variable:
        return "-s -w"
    return f"-s -w -X {variable}={version_of(program.module, module)}"


@cache
def version_of(ours: str, module: str) -> str:
    """The version, with its v, that one of our modules requires of another."""
    return go("list", "-m", "-f", "{{.Version}}", module, module=ours).strip()


@cache
def module_folder(module: str, name: str) -> Path:
    """Where Go keeps a module that one of ours requires; what else it holds is used there."""
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
        mend="make setup",
        folder=SOURCES / module,
        environment=environment,
        timeout_seconds=BUILD_TIMEOUT_SECONDS,
    ).run()


def require_room() -> None:
    """Refuse to start a build that would fill the disk of Go's caches."""
    caches = json.loads(go("env", "-json", "GOCACHE", "GOMODCACHE", module="standins"))
    for name in ("GOCACHE", "GOMODCACHE"):
        folder = nearest_existing(Path(caches[name]))
        free = shutil.disk_usage(folder).free
        if free < BUILD_BYTES:
            raise DiskFullError(folder, free, BUILD_BYTES)


def nearest_existing(folder: Path) -> Path:
    """A folder, or the first above it that is there."""
    return next(candidate for candidate in (folder, *folder.parents) if candidate.exists())
