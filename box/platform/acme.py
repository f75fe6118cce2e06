"""pebble, Let's Encrypt's ACME server for tests, as a process of the local cluster."""

from __future__ import annotations

import json
import ssl
import urllib.request
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from box import ports, processes, programs
from box.components.readiness import answers_ok
from box.folder import write
from box.lifecycle import reserved_ports
from box.poll import until

if TYPE_CHECKING:
    from pathlib import Path

    from box.certificates import Authority
    from box.folder import Folder
    from box.node.network import Network

NAME = "pebble"
STARTS_WITHIN_SECONDS = 20.0
DAYS = 24 * 3600
LIFETIME_SECONDS = 90 * DAYS
"""The lifetime of Let's Encrypt's certificates."""
ENVIRONMENT = {
    "PEBBLE_AUTHZREUSE": "0",
    "PEBBLE_VA_NOSLEEP": "1",
    "PEBBLE_WFE_NONCEREJECT": "0",
}
"""Makes pebble require a new challenge for each certificate, except one in a hundred: it compares a
random number from 0 to 99 with this one, and at 0 still reuses the former challenge. Also turns off
its delay of up to 15 s before validation and its refusal of every 20th request."""


@dataclass(frozen=True)
class Pebble:
    """Issues certificates for host names that the cluster DNS resolves, over port 80."""

    folder: Folder
    authority: Authority
    network: Network

    @property
    def directory(self) -> str:
        """The ACME directory URL for an issuer."""
        return f"https://{self.settings['listenAddress']}/dir"

    @property
    def root(self) -> Path:
        """The root certificate of all issued certificates, for clients to verify them."""
        return self.folder.pki / "acme-root.crt"

    @property
    def file(self) -> Path:
        """The configuration file."""
        return self.folder.root / "pebble.json"

    @cached_property
    def settings(self) -> dict[str, object]:
        """The configuration; its ports are chosen once per local cluster."""
        if not self.file.exists():
            write(self.file, json.dumps({"pebble": self.choose()}, indent=2))
        configuration: dict[str, object] = json.loads(self.file.read_text())["pebble"]
        return configuration

    def choose(self) -> dict[str, object]:
        """The configuration for a new local cluster."""
        chosen = ports.choose(("acme", "management"), reserved=reserved_ports())
        pair = self.authority.issue(self.folder.pki / NAME, user=NAME, hosts=[self.network.host])
        return {
            "listenAddress": f"{self.network.host}:{chosen['acme']}",
            "managementListenAddress": f"{self.network.host}:{chosen['management']}",
            "certificate": str(pair.certificate),
            "privateKey": str(pair.key),
            "httpPort": 80,
            "tlsPort": 443,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": False,
            "retryAfter": {"authz": 1, "order": 1},
            "keyAlgorithm": "ecdsa",
            "profiles": {"default": {"description": "", "validityPeriod": LIFETIME_SECONDS}},
        }

    def start(self) -> None:
        """Start it unless it runs; each start creates a new root certificate."""
        directory, ca = self.directory, self.authority.pair.certificate
        if NAME not in processes.leaders(self.folder.root):
            arguments = (f"-config={self.file}", f"-dnsserver={self.network.dns_service}:53")
            processes.start(
                NAME,
                [str(programs.path(NAME)), *arguments],
                box=self.folder.root,
                log=self.folder.log(NAME),
                environment=ENVIRONMENT,
            )
        until(lambda: answers_ok(directory, ca), "pebble answers", STARTS_WITHIN_SECONDS)
        write(self.root, self.fetch("roots/0"))

    def fetch(self, path: str) -> str:
        """A response of the management interface."""
        context = ssl.create_default_context(cafile=str(self.authority.pair.certificate))
        handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)]
        url = f"https://{self.settings['managementListenAddress']}/{path}"
        with urllib.request.build_opener(*handlers).open(url, timeout=5) as answer:
            return str(answer.read().decode())
