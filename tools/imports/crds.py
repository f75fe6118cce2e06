"""Fetches the CRDs for imports/ from pinned Go modules.

`python -m tools.imports.crds FOLDER` writes one JSON file per CRD, without descriptions, which
nothing here needs. crds.json pins each module by version and by Go's own checksum.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

import yaml

from tools.imports.schema import Schema, without_prose

PINS = Path(__file__).with_name("crds.json")


class Module(TypedDict):
    """A Go module, pinned by version and by Go's own checksum."""

    module: str
    version: str
    sum: str


class Pin(Module):
    """A Go module that contains CRDs."""

    files: list[str]
    kinds: list[str]


class CrdError(Exception):
    """A pinned module cannot be fetched, or does not match its pin."""


def module_folder(pin: Module) -> Path:
    """The module's folder in Go's module cache, downloaded if needed and verified."""
    name = f"{pin['module']}@{pin['version']}"
    run = subprocess.run(
        ["go", "mod", "download", "-json", name], capture_output=True, text=True, check=False
    )
    answer: dict[str, str] = json.loads(run.stdout or "{}")
    if run.returncode or "Dir" not in answer:
        raise CrdError(f"{name}: {answer.get('Error') or run.stderr.strip()}")
    if answer["Sum"] != pin["sum"]:
        raise CrdError(f"{name}: checksum {answer['Sum']}, pinned is {pin['sum']}")
    return Path(answer["Dir"])


def definitions(pin: Pin) -> Iterator[Schema]:
    """The wanted CustomResourceDefinitions of one module."""
    folder = module_folder(pin)
    for file in pin["files"]:
        documents: Iterator[Any] = yaml.load_all((folder / file).read_bytes(), yaml.CSafeLoader)
        for document in documents:
            if document and document["spec"]["names"]["kind"] in pin["kinds"]:
                yield document


def fetch(folder: Path) -> None:
    """Writes the CRDs of every pin into the folder, without descriptions."""
    folder.mkdir(parents=True, exist_ok=True)
    for pin in json.loads(PINS.read_text()):
        for crd in definitions(pin):
            target = folder / f"{crd['metadata']['name']}.json"
            target.write_text(json.dumps(without_prose(crd), indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    try:
        fetch(Path(sys.argv[1]))
    except CrdError as error:
        sys.exit(f"error: {error}")
