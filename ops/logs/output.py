"""Log lines as they are printed: of several pods each with the pod's name."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import click

from ops.kinds.pod import Pod
from ops.logs.source import Source

SHORT = 5
"""Characters at the end of a pod's name that tell it from its siblings.

Source: Kubernetes, apiserver/pkg/storage/names/generate.go.
"""


@dataclass
class Output:
    """Where lines go."""

    with_pod: bool = False
    """Whether there is more than one pod."""

    def line(self, source: Source, text: str) -> None:
        """A line of a log."""
        click.echo(f"{self._prefix(source)}{_printed(text.rstrip())}")

    def note(self, pod: str, text: str) -> None:
        """Something about a pod, or about the process, beside the log."""
        about = f"pod {pod}: " if pod else ""
        click.echo(f"{about}{_clean(' '.join(text.split()))}", err=True)

    def _prefix(self, source: Source) -> str:
        is_init = source.container in {one.name for one in source.pod.spec.init_containers}
        names = [short(source.pod)] if self.with_pod else []
        names += [source.container] if is_init or len(source.pod.spec.containers) > 1 else []
        return f"[{' '.join(names)}] " if names else ""


def short(pod: Pod) -> str:
    """The end of its name."""
    return pod.name.rpartition("-")[2][-SHORT:] or pod.name


def _printed(text: str) -> str:
    """As it was logged; without what could control a terminal, on a terminal."""
    return _clean(text) if sys.stdout.isatty() else text


def _clean(text: str) -> str:
    replacement = "\N{REPLACEMENT CHARACTER}"
    return "".join(c if c.isprintable() or c == "\t" else replacement for c in text)
