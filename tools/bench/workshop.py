"""The temporary folder in which every tool finds its input and leaves what it renders."""

import shutil
import sys
from pathlib import Path

from ops.render import RENDERED
from railiance import record
from tools.bench import helm, history, kustomize, made_up, verify
from tools.bench.process import Call


class Workshop:
    """A folder for each number of apps, with inputs that are prepared before any time is taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self, count: int) -> None:
        """Renders the apps once, and makes of that what helm and kustomize take as input."""
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
        """How many documents an app has in dist/, and how many in argocd/."""
        documents = self._first_documents(1)
        argocd = [text for text in documents if "apiVersion: argoproj.io/" in text]
        return len(documents) - len(argocd), len(argocd)

    def synthesis(self, count: int) -> Call:
        """What `make synth` runs, in the repository of the made-up apps."""
        return Call(["env", "-C", self.repository(count), sys.executable, "-O", "app.py"])

    def repository(self, count: int) -> Path:
        """The repository of so many made-up apps."""
        return self._folder / str(count) / "repository"

    def forget(self, count: int) -> None:
        """Has the next synthesis render everything, as after a clone without dist/ and argocd/."""
        (self.repository(count) / record.FILE).unlink(missing_ok=True)
        for name in RENDERED:
            shutil.rmtree(self.repository(count) / name, ignore_errors=True)

    def change(self, count: int) -> None:
        """Declares another image for one app, the one in the middle."""
        made_up.change(self.repository(count), (count + 1) // 2)

    def watched(self) -> Path:
        """A git repository with one app as it is rendered, and what the gate needs."""
        folder = self.input("watched", 1)
        shutil.copytree(self.repository(1), folder)
        for name in ("imports", ".tools"):
            (folder / name).symlink_to(Path(name).absolute())
        history.begin(folder)
        return folder

    def input(self, name: str, count: int) -> Path:
        """Where a tool's input lies; the tool's own module makes the folder."""
        return self._folder / str(count) / name

    def rendered(self, count: int) -> Path:
        """What the synthesizer rendered: all others are compared with it, and the gate reads it."""
        return self.output("rendered", count)

    def output(self, name: str, count: int) -> Path:
        """The folder that a tool renders into."""
        folder = self._folder / str(count) / "output" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def expected(self, count: int) -> verify.Fingerprints:
        """The documents that every tool must give."""
        return verify.fingerprints(self.rendered(count))
