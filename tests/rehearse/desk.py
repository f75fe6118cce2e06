"""The operator of the rehearsals: the public network is there for him, and leads to the node."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from box.platform.object_store import HOST as STORE
from tests.e2e.operator import Operator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from box.lifecycle import Box

PLATFORM = "constructs/railiance/railiance01.py"
ADDRESS = "92.205.130.254"
VOLUMES = {'"local-path"': '"local-path-small"'}
"""So that a volume can be filled."""
# His own view of the file that names hosts, which the rest of the machine does not see.
WITH_HOSTS = 'mount --bind "$0" /etc/hosts && exec "$@"'


def operator_of(
    box: Box, home: Path, hosts: Sequence[str], volumes: Mapping[str, str] = VOLUMES
) -> Operator:
    """An operator with a clone in which the platform's public address is the node's."""
    assert box.network
    variables = {
        "SSL_CERT_FILE": str(box.layout.authority.pair.certificate),
        # Python asks for the lower-case ones first, Go for the others.
        **both_cases("https_proxy", f"http://{box.layout.address('githost')}"),
        **both_cases("no_proxy", f"{box.network.host},{STORE}"),
    }
    names = home / "hosts"
    addresses = dict.fromkeys(hosts, box.network.node) | {STORE: box.network.host}
    lines = "".join(f"{address} {host}\n" for host, address in addresses.items())
    names.write_text(f"127.0.0.1 localhost\n{lines}")
    within = ("unshare", "--mount", "sh", "-c", WITH_HOSTS, str(names))
    operator = replace(Operator.of(box, home, **variables), within=within)
    file = operator.folder / PLATFORM
    text = file.read_text()
    for there, here in {**volumes, ADDRESS: box.network.node}.items():
        assert there in text
        text = text.replace(there, here)
    file.write_text(text)
    operator.git("commit", "--quiet", "--all", "--message=The platform, here")
    return operator


def both_cases(name: str, value: str) -> dict[str, str]:
    """A variable as whoever reads it may call it."""
    return {name: value, name.upper(): value}
