"""Queries and downloads Debian packages with an apt state of the project's own.

apt uses the sources that the machine is configured with, so also its mirror. The
machine's package lists, cache and installed packages are neither read nor changed.
No root.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from box.errors import BoxError
from ops.host.command import Command

if TYPE_CHECKING:
    from collections.abc import Sequence

RELEASE = "bookworm"
ARCHITECTURE = "amd64"
FIX = "run this on Debian: real-node mode needs its apt-get and dpkg-deb"
TIMEOUT_SECONDS = 600.0
# Output of `apt-get --print-uris` for one file: 'URL' NAME BYTES SHA256:DIGEST
OFFER = re.compile(r"^'\S+' (?P<file>\S+) (?P<size_bytes>\d+) SHA256:(?P<sha256>[0-9a-f]{64})$")


@dataclass(frozen=True)
class Package:
    """One package file; its name holds package, version and architecture, as in Debian's pool."""

    file: str
    sha256: str
    size_bytes: int

    @property
    def request(self) -> str:
        """The argument with which apt selects exactly this version."""
        name, version, _ = self.file.split("_")
        return f"{name}={version.replace('%3a', ':')}"


@dataclass(frozen=True)
class Apt:
    """apt with its state in a folder of the project."""

    folder: Path

    @cached_property
    def options(self) -> list[str]:
        """Options that restrict apt to the folder."""
        values = {
            "Dir::State": self.folder,
            "Dir::State::lists": self.folder / "lists",
            "Dir::State::status": self.status,
            "Dir::Cache": self.folder / "cache",
            "APT::Architecture": ARCHITECTURE,
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
            "Acquire::ForceHash": "SHA256",
        }
        return [f"--option={name}={value}" for name, value in values.items()]

    @property
    def status(self) -> Path:
        """The file that lists the packages apt treats as installed."""
        return self.folder / "status"

    def update(self) -> None:
        """Fetch the current package lists; refuse those of another release."""
        for name in ("lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.status.touch()
        self.run("apt-get", "update")
        policy = self.run("apt-cache", "policy")
        if f"n={RELEASE}" not in policy:
            raise BoxError(
                f"apt is not configured for Debian {RELEASE}, which has the node's packages",
                "run this on Debian 12, or add its sources to apt",
            )

    def closure(self, names: Sequence[str], *, present: Sequence[str]) -> list[Package]:
        """The newest files of these packages and their dependencies, except those present."""
        self.status.write_text("".join(self.as_installed(name) for name in present))
        plan = self.run(
            "apt-get", "install", "-qq", "--no-install-recommends", "--print-uris", *names
        )
        found = [match for line in plan.splitlines() if (match := OFFER.match(line))]
        return [
            Package(match["file"], match["sha256"], int(match["size_bytes"])) for match in found
        ]

    def as_installed(self, name: str) -> str:
        """The dpkg status entry of an installed package, at the version that is served."""
        record = self.run("apt-cache", "show", "--no-all-versions", name).strip()
        return f"{record}\nStatus: install ok installed\n\n"

    def download(self, packages: Sequence[Package], folder: Path) -> None:
        """Fetch package files into a folder."""
        self.run("apt-get", "download", *(p.request for p in packages), folder=folder)

    def run(self, program: str, *arguments: str, folder: Path | None = None) -> str:
        """The output of an apt program."""
        command = [program, *self.options, *arguments]
        return Command(command, FIX, timeout_seconds=TIMEOUT_SECONDS, folder=folder).run()
