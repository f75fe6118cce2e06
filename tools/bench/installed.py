"""The installed tools that the benchmark runs, and their versions."""

import importlib
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tools.bench.errors import BenchError
from tools.bench.process import Call

FOLDER = Path(".tools/bench").absolute()
HELM, KUBECTL = FOLDER / "helm", FOLDER / "kubectl"
PACKAGES = FOLDER / "python"
KUBECONFORM = Path(".tools/bin/kubeconform").absolute()


def check() -> None:
    """Raises BenchError for the first tool that is missing."""
    for tool, target in ((HELM, "bench"), (KUBECTL, "bench"), (KUBECONFORM, "setup")):
        if not tool.exists():
            place = tool.relative_to(Path.cwd())
            raise BenchError(f"{tool.name} is missing ({place}); run `make {target}`")
    pygal()


def pygal() -> Any:
    """The library that draws the plot; installed separately, because only the benchmark uses it."""
    sys.path.append(str(PACKAGES))
    try:
        return importlib.import_module("pygal")
    except ImportError as error:
        raise BenchError(
            f"{error.name}, which draws the plot, is missing; run `make bench`"
        ) from error
    finally:
        sys.path.remove(str(PACKAGES))


def versions() -> list[str]:
    """Each tool with its version."""
    helm = Call([HELM, "version", "--short"]).run()
    kubectl = Call([KUBECTL, "version", "--client"]).run()
    kustomize = next(line for line in kubectl.splitlines() if line.startswith("Kustomize"))
    return [
        f"Python {sys.version.split()[0]}",
        f"Node.js {Call(['node', '--version']).run().strip().lstrip('v')}",
        f"cdk8s {version('cdk8s')}",
        f"PyYAML {version('pyyaml')}",
        f"helm {helm.strip().lstrip('v').partition('+')[0]}",
        f"kustomize {kustomize.rpartition(' v')[2]} in kubectl",
    ]
