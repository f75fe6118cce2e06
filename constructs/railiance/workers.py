"""Renders listed apps, in several processes if there are many.

Each process starts a Node.js of its own, which takes as long as rendering some 40 apps.
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
"""Fewer apps than this are rendered faster in the current process."""
APPS_PER_TASK = 20
"""Apps in one task; an interruption waits until the running task ends."""


Files = Mapping[str, bytes]
"""Rendered content, by path in the repository."""


@dataclass(frozen=True)
class Rendered:
    """One app's files by path, and its claims; the root Application claims nothing."""

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
    """Renders the apps in several processes, a task of some apps at a time."""
    import multiprocessing  # noqa: PLC0415 (not needed for a few apps)
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    shares = [apps[first : first + APPS_PER_TASK] for first in range(0, len(apps), APPS_PER_TASK)]
    spawn = multiprocessing.get_context("spawn")  # a fork would copy locks held by threads
    with ProcessPoolExecutor(processes, mp_context=spawn, initializer=_ignore_ctrl_c) as pool:
        try:
            return [rendered for share in pool.map(task, shares) for rendered in share]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _ignore_ctrl_c() -> None:
    """The parent process receives Ctrl-C as well, and ends this one."""
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
    return Rendered(files, Claims.from_app(app))
