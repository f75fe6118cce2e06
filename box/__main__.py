"""The command line: ``python -m box up | restart | install | storage | serve | down | status``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from contextlib import suppress
from pathlib import Path

import httpx2
from lightkube import ApiError
from rich.console import Console
from rich.table import Table

from box import folder
from box.lifecycle import Box, ComponentStatus
from box.node.services import SERVICES
from ops.errors import OpsError

INTERRUPTED = 130
PLAYING = """\
Paste these lines into another shell; in the clone, `git push` then reaches this cluster's Argo CD.
Until Ctrl-C, CloudNativePG, cert-manager and Traefik are played: their objects get a status."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code."""
    options = parser().parse_args(arguments)
    try:
        return int(options.verb(options))
    except OpsError as error:
        return failed(str(error))
    except (ApiError, httpx2.TransportError) as error:
        return failed(f"the API server: {error}\n  fix: make box-status BOX={options.name}")
    except OSError as error:  # such as a full disk or a folder of another user
        return failed(f"{error.filename or folder.parent()}: {error.strerror}")
    except KeyboardInterrupt:
        failed(f"interrupted; make box-down BOX={options.name} removes what was started")
        return INTERRUPTED


def failed(why: str) -> int:
    """Print why a command failed and return its exit code."""
    print(f"box: {why}", file=sys.stderr)
    return 1


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    result = argparse.ArgumentParser(
        prog="python -m box", description="Run a local cluster like railiance01 on this machine."
    )
    verbs = result.add_subparsers(required=True, metavar="VERB")
    up_options = verb(
        verbs, "up", up, "build missing programs, start missing components, print the kubeconfig"
    )
    kinds = up_options.add_mutually_exclusive_group()
    kinds.add_argument(
        "--cluster",
        type=Path,
        metavar="KUBECONFIG",
        help="use this cluster instead of starting a control plane",
    )
    kinds.add_argument(
        "--node",
        action="store_true",
        help="real-node mode: run pods instead of simulating them (needs root and Linux)",
    )
    restart_options = verb(
        verbs, "restart", restart, "kill components and start them again; pods keep running"
    )
    restart_options.add_argument(
        "components",
        nargs="*",
        default=SERVICES,
        metavar="COMPONENT",
        help=f"components (default: the services of a real node, {', '.join(SERVICES)})",
    )
    install_options = verb(
        verbs,
        "install",
        install,
        "install CloudNativePG, Traefik and cert-manager (real-node mode)",
    )
    for option, what in (
        ("--role", "a PostgreSQL role to create, with its own password; repeatable"),
        ("--host", "a public host name to resolve to the node; repeatable"),
    ):
        install_options.add_argument(option, action="append", default=[], help=what)
    storage_options = verb(
        verbs, "storage", storage, "start an S3 service, and print its endpoint and its keys' file"
    )
    storage_options.add_argument(
        "--bucket", action="append", default=[], help="a bucket to create; repeatable"
    )
    serve_options = verb(
        verbs,
        "serve",
        serve,
        "publish a clone to Argo CD, print what a shell needs, and play the platform until Ctrl-C",
    )
    serve_options.add_argument("clone", type=Path, metavar="REPO", help="a clone, with a commit")
    verb(verbs, "down", down, "end every process and remove every file of the local cluster")
    verb(verbs, "status", status, "show the components; exit code 1 unless all are ready")
    return result


def verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    function: object,
    summary: str,
) -> argparse.ArgumentParser:
    """Add a command with the options that all commands have."""
    options = verbs.add_parser(name, help=summary, description=summary)
    options.add_argument(
        "--name", default="default", help="name of the local cluster (default: %(default)s)"
    )
    options.add_argument("--json", action="store_true", help="print the result as JSON")
    options.set_defaults(verb=function)
    return options


def up(options: argparse.Namespace) -> int:
    """Start a local cluster and print how to reach it."""
    box = Box(options.name, cluster=options.cluster, real_node=options.node)
    box.up()
    if options.json:
        print(json.dumps({"name": box.name, "kubeconfig": str(box.kubeconfig)}))
    else:
        print(f"export KUBECONFIG={box.kubeconfig}")
    return 0


def restart(options: argparse.Namespace) -> int:
    """Kill components of a local cluster and start them again."""
    box = Box(options.name)
    box.restart(options.components)
    if options.json:
        print(json.dumps({"name": box.name, "restarted": list(options.components)}))
    else:
        print(f"local cluster {box.name}: restarted {', '.join(options.components)}")
    return 0


def install(options: argparse.Namespace) -> int:
    """Install what railiance01 offers to apps, and print where its CA and images are."""
    from box.platform.install import install as install_platform  # noqa: PLC0415 (rarely needed)

    platform = install_platform(Box(options.name), options.role, options.host)
    if options.json:
        known = {"acme_root": str(platform.acme_root), "images": platform.images}
        print(json.dumps({"name": options.name, **known}))
    else:
        print(f"CA certificate of the ACME server: {platform.acme_root}")
    return 0


def storage(options: argparse.Namespace) -> int:
    """Start the S3 service, and print where it is."""
    from box.platform.object_store import REGION, ObjectStore  # noqa: PLC0415 (rarely needed)

    store = ObjectStore(Box(options.name))
    store.start(*options.bucket)
    known = {"endpoint": store.endpoint, "region": REGION, "keys": str(store.file)}
    if options.json:
        print(json.dumps({"name": options.name, "local": store.local_endpoint, **known}))
    else:
        print(f"{store.endpoint}, here {store.local_endpoint}; region {REGION}; keys: {store.file}")
    return 0


def serve(options: argparse.Namespace) -> int:
    """Serve a clone; in control-plane mode, play the platform until Ctrl-C."""
    from box.serve import Served  # noqa: PLC0415 (rarely needed)

    served = Served.of(Box(options.name), options.clone)
    known = {"kubeconfig": str(served.kubeconfig), "repository": str(served.bare)}
    if options.json:
        print(json.dumps({"name": options.name, **known}), flush=True)
    else:
        print(*served.exports(), sep="\n", flush=True)
    if served.box.has_real_node:
        return 0
    print(PLAYING, file=sys.stderr, flush=True)
    with suppress(KeyboardInterrupt):
        served.play()
    return 0


def down(options: argparse.Namespace) -> int:
    """Remove a local cluster."""
    ended = Box(options.name).down()
    if options.json:
        print(json.dumps({"name": options.name, "processes": ended}))
    else:
        print(f"local cluster {options.name}: {ended} processes ended, all files removed")
    return 0


def status(options: argparse.Namespace) -> int:
    """Show the components of a local cluster."""
    components = Box(options.name).status()
    if options.json:
        print(json.dumps([dataclasses.asdict(component) for component in components]))
    elif components:
        Console().print(table(options.name, components))
    else:
        print(f"local cluster {options.name} does not exist; run: make box-up BOX={options.name}")
    return 0 if components and all(component.ready for component in components) else 1


def table(name: str, components: list[ComponentStatus]) -> Table:
    """The components as a table for the terminal."""
    result = Table("component", "process", "memory, MiB", "state", title=f"local cluster {name}")
    for component in components:
        state = "ready" if component.ready else "not ready" if component.pid else "not running"
        result.add_row(
            component.name,
            str(component.pid or "-"),
            f"{component.memory_bytes / 2**20:.0f}",
            state,
        )
    return result


if __name__ == "__main__":
    sys.exit(main())
