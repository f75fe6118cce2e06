"""Renders listed apps, many of them in several processes at once.

Each process has a Node.js of its own, whose start takes as long as rendering some 40 apps.
"""

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from railiance import listing, node, secrets
from railiance.errors import SynthError, described
from railiance.fleet import Claims
from railiance.listing import PACKAGE, ROOT, Listed
from railiance.platform import Platform

APPS_PER_PROCESS = 40
"""Fewer are rendered sooner by the process that is there."""
APPS_PER_TASK = 20
"""An interruption waits for a task to end."""


Files = Mapping[str, bytes]
"""What is rendered, by path in the repository."""


@dataclass(frozen=True)
class Rendered:
    """One app's files, by path, and what it takes for itself alone; the root takes nothing."""

    files: Files
    claims: Claims | None = None


def render(root: Path, apps: Sequence[Listed], platform: Platform) -> list[Rendered]:
    """Renders the apps of a repository, in their order. Raises a SynthError."""
    processes = min(os.cpu_count() or 1, len(apps) // APPS_PER_PROCESS)
    task = partial(_render, root, platform)
    if processes <= 1:
        return task(apps)
    return _share(task, apps, processes)


def _share(
    task: Callable[[Sequence[Listed]], list[Rendered]], apps: Sequence[Listed], processes: int
) -> list[Rendered]:
    """Has several processes render the apps, some at a time."""
    import multiprocessing  # noqa: PLC0415 (a few apps do without)
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    shares = [apps[first : first + APPS_PER_TASK] for first in range(0, len(apps), APPS_PER_TASK)]
    spawn = multiprocessing.get_context("spawn")  # a fork would copy threads' locks
    with ProcessPoolExecutor(processes, mp_context=spawn, initializer=_ignore_ctrl_c) as pool:
        try:
            return [rendered for share in pool.map(task, shares) for rendered in share]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _ignore_ctrl_c() -> None:
    """The process that started this one is interrupted as well, and ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _render(root: Path, platform: Platform, apps: Sequence[Listed]) -> list[Rendered]:
    try:
        return [_render_one(root, platform, app) for app in apps]
    except Exception as error:
        raise SynthError(described(error, root / PACKAGE)) from error


def _render_one(root: Path, platform: Platform, listed: Listed) -> Rendered:
    node.start()
    from railiance import chart_files  # noqa: PLC0415 (needs Node.js)

    if listed == ROOT:
        return Rendered(chart_files.root_files(platform))
    app = listing.load(listed, root)
    files = chart_files.app_files(app, platform, root / secrets.FOLDER)
    return Rendered(files, Claims.of(app))
