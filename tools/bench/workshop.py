"""The temporary folder with every tool's input and output."""

import shutil
import sys
from pathlib import Path

from ops.declarations.synth import RENDERED
from railiance import record
from tools.bench import helm, history, kustomize, made_up, verify
from tools.bench.process import Call


class Workshop:
    """A folder for each number of apps; inputs are prepared before measuring."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self, count: int) -> None:
        """Renders the apps once, and generates the input of helm and kustomize from the result."""
        apps = made_up.apps(count)
        made_up.write_repository(self.repository(count), count)
        self.synthesis(count).run()
        for name in RENDERED:
            shutil.copytree(self.repository(count) / name, self.rendered(count) / name)
        helm.write_chart(self.input("chart", count), apps[0], self._first_documents(count))
        helm.write_values(self.input("values", count), apps)
        kustomize.write(self.input("kustomizations", count), apps, self.rendered(count))
        history.write(self.input("history", count), self.rendered(count))

    def _first_documents(self, count: int) -> list[str]:
        name = made_up.apps(1)[0].name
        files = (Path("dist", f"{name}.k8s.yaml"), Path("argocd", f"{name}.yaml"))
        return [
            document
            for file in files
            for document in (self.rendered(count) / file).read_text().split("\n---\n")
        ]

    def documents_per_app(self) -> tuple[int, int]:
        """The number of an app's documents in dist/ and in argocd/."""
        documents = self._first_documents(1)
        argocd = [text for text in documents if "apiVersion: argoproj.io/" in text]
        return len(documents) - len(argocd), len(argocd)

    def synthesis(self, count: int) -> Call:
        """The call of `make synth` in the repository of the made-up apps."""
        return Call(["env", "-C", self.repository(count), sys.executable, "-O", "app.py"])

    def repository(self, count: int) -> Path:
        """The repository with this number of made-up apps."""
        return self._folder / str(count) / "repository"

    def forget(self, count: int) -> None:
        """Makes the next synthesis render everything, as without dist/, argocd/ and the record."""
        (self.repository(count) / record.FILE).unlink(missing_ok=True)
        for name in RENDERED:
            shutil.rmtree(self.repository(count) / name, ignore_errors=True)

    def change(self, count: int) -> None:
        """Declares a new image for one app, the one in the middle."""
        made_up.change(self.repository(count), (count + 1) // 2)

    def watched(self) -> Path:
        """A git repository with one rendered app and the gate's inputs."""
        folder = self.input("watched", 1)
        shutil.copytree(self.repository(1), folder)
        for name in ("imports", ".tools"):
            (folder / name).symlink_to(Path(name).absolute())
        history.begin(folder)
        return folder

    def input(self, name: str, count: int) -> Path:
        """The folder of a tool's input; the tool's own module creates it."""
        return self._folder / str(count) / name

    def rendered(self, count: int) -> Path:
        """The synthesizer's output, with which the others are compared and which the gate reads."""
        return self.output("rendered", count)

    def output(self, name: str, count: int) -> Path:
        """The folder that a tool renders into."""
        folder = self._folder / str(count) / "output" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def expected(self, count: int) -> verify.Fingerprints:
        """The documents that every tool must render."""
        return verify.fingerprints(self.rendered(count))
