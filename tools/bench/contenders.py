"""The tools that are measured, the numbers of apps, and the numbers of runs."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ops.gate import schemas
from railiance.railiance01 import RAILIANCE01
from tools.bench import helm, kustomize, made_up
from tools.bench.installed import KUBECONFORM
from tools.bench.process import Call
from tools.bench.workshop import Workshop

SIZES = (1, 10, 100, 1000)
"""Numbers of apps."""

ONE_PROCESS = {1: 15, 10: 9, 100: 7, 1000: 3}
ONCE_PER_APP = {1: 15, 10: 5, 100: 3, 1000: 1}
"""Runs by number of apps; a thousand processes take most of a minute."""

SYNTHESIZER, HELM, KUSTOMIZE = "synthesizer", "helm template", "kustomize"
UNCHANGED, CHANGED, IMPORT_ONLY = "nothing changed", "one app changed", "import"
GATE, SCHEMAS, PLAN = "gate", "kubeconform", "plan"
WATCH = "watch"
"""Measured separately, with one app: it is one process for many saves."""


@dataclass(frozen=True)
class Contender:
    """A measured tool: its calls for a number of apps, and its runs at each number."""

    name: str
    calls: Callable[[int], list[Call]]
    runs: Mapping[int, int]
    renders: bool = True
    """Whether its output is compared with the synthesizer's."""


def contenders(work: Workshop) -> list[Contender]:
    """All contenders, in the order of a round."""
    again = {1: 15, 10: 5, 100: 5, 1000: 5}
    checks = {1: 7, 1000: 3}
    return [
        Contender(
            SYNTHESIZER, lambda count: _from_scratch(work, count), ONE_PROCESS, renders=False
        ),
        Contender(IMPORT_ONLY, lambda _: [_import()], {1: 15}, renders=False),
        Contender(UNCHANGED, lambda count: _again(work, count), again, renders=False),
        Contender(CHANGED, lambda count: _changed(work, count), again, renders=False),
        Contender(HELM, lambda count: _helm_calls(work, count), ONCE_PER_APP),
        Contender(KUSTOMIZE, lambda count: _kustomize_calls(work, count), ONCE_PER_APP),
        Contender(GATE, lambda count: [_gate(work, count)], checks, renders=False),
        Contender(SCHEMAS, lambda count: [_schemas(work, count)], checks, renders=False),
        Contender(PLAN, lambda count: [_plan(work, count)], checks, renders=False),
    ]


def _from_scratch(work: Workshop, count: int) -> list[Call]:
    work.forget(count)
    return _again(work, count)


def _again(work: Workshop, count: int) -> list[Call]:
    return [work.synthesis(count)]


def _changed(work: Workshop, count: int) -> list[Call]:
    work.change(count)
    return _again(work, count)


def _import() -> Call:
    """The import that every program with cdk8s-plus needs before it can start."""
    return Call([sys.executable, "-O", "-c", "import cdk8s, cdk8s_plus_28"])


def _helm_calls(work: Workshop, count: int) -> list[Call]:
    chart, values = work.input("chart", count), work.input("values", count)
    return helm.calls(chart, values, work.output(HELM, count), made_up.apps(count))


def _kustomize_calls(work: Workshop, count: int) -> list[Call]:
    folder = work.input("kustomizations", count)
    return kustomize.calls(folder, work.output(KUSTOMIZE, count), made_up.apps(count))


def _gate(work: Workshop, count: int) -> Call:
    folder = work.rendered(count)
    return Call([sys.executable, "-m", "ops", "gate", folder / "dist", folder / "argocd"])


def _plan(work: Workshop, count: int) -> Call:
    """A call of `ops plan`, which runs in its repository."""
    there = ("env", "-C", work.input("history", count))
    return Call([*there, sys.executable, "-m", "ops", "plan", "HEAD~1", "HEAD"])


def _schemas(work: Workshop, count: int) -> Call:
    """kubeconform, called as the gate calls it."""
    version, folder = f"{RAILIANCE01.kubernetes_version}.0", work.rendered(count)
    return Call(
        [
            KUBECONFORM,
            *("-strict", "-verbose", "-output", "json", "-n", "2", "-kubernetes-version", version),
            *("-schema-location", f"{schemas.CORE_SCHEMAS}/v{version}/{schemas.CORE_NAME}"),
            *("-schema-location", f"{schemas.CUSTOM_SCHEMAS}/{schemas.CUSTOM_NAME}"),
            folder / "dist",
            folder / "argocd",
        ]
    )
