"""versitygw, an S3 service, as a process of the local cluster; a bucket is a folder of files."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from box import ports, processes, programs
from box.components.readiness import answers_ok
from box.folder import write
from box.lifecycle import reserved_ports
from box.poll import until

if TYPE_CHECKING:
    from pathlib import Path

    from box.lifecycle import Box

NAME = "versitygw"
HOST = "s3.railiance.test"
"""The name by which pods reach it, and the machine with a line in its hosts file."""
REGION = "box-1"
STARTS_WITHIN_SECONDS = 20.0
HEALTH = "/healthz"


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys of the one account, which owns all buckets."""

    access_key: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True)
class ObjectStore:
    """An S3 service with a certificate of the local cluster's authority and keys of its own.

    It refuses wrong keys and regions, as a real service does.
    """

    box: Box

    @property
    def address(self) -> str:
        """The address that it listens on; pods on a real node reach it."""
        return self.box.layout.api_host

    @property
    def endpoint(self) -> str:
        """Its URL, by the name that pods resolve."""
        return f"https://{HOST}:{self.settings['port']}"

    @property
    def local_endpoint(self) -> str:
        """Its URL for the machine, which needs no line in its hosts file."""
        return f"https://{self.address}:{self.settings['port']}"

    @property
    def keys(self) -> Keys:
        """The keys that it accepts."""
        return Keys(access_key=self.settings["access_key"], secret_key=self.settings["secret_key"])

    @property
    def file(self) -> Path:
        """The port and the keys, chosen once per local cluster; readable by its owner only."""
        return self.box.folder.root / "object-store.json"

    @property
    def buckets(self) -> Path:
        """The folder of buckets, with an object a file."""
        return self.box.folder.root / "buckets"

    @cached_property
    def settings(self) -> dict[str, str]:
        """The port and the keys."""
        if not self.file.exists():
            chosen = ports.choose((NAME,), reserved=reserved_ports())
            made = {
                "port": str(chosen[NAME]),
                "access_key": secrets.token_hex(10),
                "secret_key": secrets.token_urlsafe(30),
            }
            write(self.file, json.dumps(made, indent=2))
        settings: dict[str, str] = json.loads(self.file.read_text())
        return settings

    def start(self, *buckets: str) -> None:
        """Start it unless it runs, and create these buckets unless they exist."""
        programs.build_missing(self.box.progress, programs.OBJECT_STORE_PROGRAMS)
        for bucket in buckets:
            (self.buckets / bucket).mkdir(parents=True, exist_ok=True)
        authority = self.box.layout.authority
        pair = authority.issue(
            self.box.folder.pki / NAME, user=NAME, hosts=[HOST, self.address, "localhost"]
        )
        if NAME not in processes.leaders(self.box.folder.root):
            port = self.settings["port"]
            listen = (f"--port={self.address}:{port}", f"--cert={pair.certificate}")
            behave = (f"--key={pair.key}", f"--region={REGION}", f"--health={HEALTH}", "--quiet")
            processes.start(
                NAME,
                [str(programs.path(NAME)), *listen, *behave, "posix", str(self.buckets)],
                box=self.box.folder.root,
                log=self.box.folder.log(NAME),
                environment={
                    "ROOT_ACCESS_KEY": self.keys.access_key,
                    "ROOT_SECRET_KEY": self.keys.secret_key,
                },
            )
        url = f"{self.local_endpoint}{HEALTH}"
        until(
            lambda: answers_ok(url, authority.pair.certificate),
            "versitygw answers",
            STARTS_WITHIN_SECONDS,
        )

    def objects(self, bucket: str) -> dict[str, bytes]:
        """The content of each object of a bucket, by its key."""
        folder = self.buckets / bucket
        return {
            str(file.relative_to(folder)): file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }
