"""The same dicts written by libyaml, without cdk8s: no synthesizer in Python can be faster."""

import sys
from pathlib import Path
from typing import Any

import yaml

from tools.bench import made_up


class _Dumper(yaml.CSafeDumper):
    """Writes out what stands in several places, as cdk8s does."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (PyYAML's own signature)
        return True


def write(count: int, folder: Path) -> None:
    """Writes dist/ and argocd/ below the folder."""
    for name in ("dist", "argocd"):
        (folder / name).mkdir(exist_ok=True)
    for path, documents in made_up.files(count):
        with (folder / path).open("w") as file:
            yaml.dump_all(documents, file, Dumper=_Dumper, sort_keys=False)


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
