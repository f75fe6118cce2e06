"""Renders declarations into dist/ and argocd/ with cdk8s, all or nothing."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from railiance import fleet, secrets
from railiance.django_app import DjangoApp
from railiance.documents import Document, app_documents, argocd_documents, root_documents
from railiance.errors import OutputError, RenderError, ToolError
from railiance.platform import Platform

FOLDERS = ("dist", "argocd")
STAGING = ".synth-"
"""Where a synth renders, with its process id behind."""


def synthesize(
    apps: Sequence[DjangoApp], platform: Platform, target: Path, secrets_folder: Path | None = None
) -> None:
    """Replaces target/dist and target/argocd by what the declarations say.

    Of the files in the folder of encrypted Secrets only digests are rendered, into the pods.

    Both are rendered beside and then renamed, so whatever fails leaves them as they were; a file
    of an app that is no longer declared is not in the new ones. Under `cdk8s synth`, which empties
    its output folder first, that folder is where they are rendered.
    Raises a SynthError.
    """
    fleet.check(apps, platform)
    try:
        _tidy(target)
        with _staging(target) as staged:
            _render(apps, platform, staged, secrets_folder)
            _publish(staged, target)
    except OSError as error:
        place = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        raise OutputError(f"cannot write {place}") from error


def _tidy(target: Path) -> None:
    """Takes up after a synth that was killed, and refuses what could not be swapped."""
    if not target.is_dir():
        raise OutputError(f"{target} is no folder; name one that is there")
    for name in FOLDERS:
        folder, former = target / name, _former(target / name)
        if folder.is_symlink() or folder.is_file():
            raise OutputError(f"{folder} is no folder; remove it, and `make synth` makes it anew")
        if former.is_dir() and not folder.exists():
            os.replace(former, folder)
    for left in target.glob(f"{STAGING}*"):
        if not Path("/proc", left.name.removeprefix(STAGING)).exists():
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """An empty folder to render into, removed afterwards unless cdk8s' command line gave it."""
    given = os.environ.get("CDK8S_OUTDIR")
    folder = Path(given) if given else target / f"{STAGING}{os.getpid()}"
    for name in FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    try:
        yield folder
    finally:
        if not given:
            shutil.rmtree(folder, ignore_errors=True)


def _render(
    apps: Sequence[DjangoApp], platform: Platform, staged: Path, secrets_folder: Path | None
) -> None:
    runs, keeps = {}, {fleet.ROOT_CHART: root_documents(platform)}
    for app in apps:
        pod_annotations = secrets.annotations(secrets_folder, app.name)
        runs[app.name] = app_documents(app, platform, pod_annotations)
        keeps[app.name] = argocd_documents(app, platform, runs[app.name])
    _write_charts(staged / "dist", ".k8s.yaml", runs)
    _write_charts(staged / "argocd", ".yaml", keeps)


def _write_charts(folder: Path, extension: str, charts: dict[str, list[Document]]) -> None:
    """Has cdk8s write each chart into a file of its own."""
    cdk8s = _cdk8s()

    class DocumentChart(cdk8s.Chart):  # type: ignore[misc, name-defined]
        """A chart whose documents are complete already.

        A construct for each document would cost three calls into Node.js; handing over a whole
        chart costs one, and spares cdk8s the walk through the whole app for every chart.
        """

        def __init__(self, scope: Any, name: str, documents: list[Document]) -> None:
            super().__init__(scope, name)
            self.documents = documents

        def to_json(self) -> list[Document]:
            return self.documents

    try:
        app = cdk8s.App(outdir=str(folder), output_file_extension=extension)
        for name, documents in charts.items():
            DocumentChart(app, name, documents)
        app.synth()
    except RuntimeError as error:  # how jsii passes on what fails in Node.js
        raise RenderError(f"cdk8s failed: {str(error).splitlines()[0]}") from error


def _publish(staged: Path, target: Path) -> None:
    """Swaps every folder for its staged one; a failure on the way swaps back."""
    fresh = {name: target / f".{name}.new" for name in FOLDERS}
    try:
        for name, beside in fresh.items():
            shutil.rmtree(beside, ignore_errors=True)
            shutil.copytree(staged / name, beside)
        with ExitStack() as undo:
            for name, beside in fresh.items():
                folder, former = target / name, _former(target / name)
                shutil.rmtree(former, ignore_errors=True)
                undo.callback(_put_back, folder)
                if folder.exists():
                    os.replace(folder, former)
                os.replace(beside, folder)
            undo.pop_all()
    finally:
        for beside in fresh.values():
            shutil.rmtree(beside, ignore_errors=True)
    for name in FOLDERS:
        shutil.rmtree(_former(target / name), ignore_errors=True)


def _former(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _put_back(folder: Path) -> None:
    """Undoes a swap, however far it came."""
    former = _former(folder)
    if former.exists():
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(former, folder)


def _cdk8s() -> Any:
    """cdk8s, running on the Node.js that was installed with the project.

    jsii takes whatever `node` is on the path, in a version that may be too old, and reports a
    missing one with a traceback.
    """
    beside = Path(sys.executable).with_name("node")
    node = str(beside) if beside.exists() else shutil.which("node")
    if not node:
        raise ToolError("Node.js is missing, on which cdk8s runs; install it with `make setup`")
    os.environ.setdefault("JSII_NODE", node)
    import cdk8s  # noqa: PLC0415 (starts Node.js)

    return cdk8s
