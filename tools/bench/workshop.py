"""The temporary folder in which every tool finds its input and leaves what it renders."""

import sys
from pathlib import Path

from tools.bench import helm, history, kustomize, made_up, verify
from tools.bench.process import Call


class Workshop:
    """A folder for each number of apps, with inputs that are prepared before any time is taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self, count: int) -> None:
        """Renders the apps once, and makes of that what helm and kustomize take as input."""
        apps = made_up.apps(count)
        self.program("synthesizer", count, self.rendered(count)).run()
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

    def program(self, name: str, count: int, target: Path) -> Call:
        """One of the measured Python programs, run as `make synth` runs app.py."""
        module = f"tools.bench.programs.{name}"
        return Call([sys.executable, "-O", "-m", module, str(count), target])

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
