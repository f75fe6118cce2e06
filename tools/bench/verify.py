"""Compares the documents that two tools render."""

import hashlib
import json
from pathlib import Path

import yaml

from tools.bench.errors import BenchError

Fingerprints = dict[str, str]
"""A hash of each document's content, by kind, namespace and name."""


def fingerprints(folder: Path) -> Fingerprints:
    """The fingerprints of all documents below the folder, except those of the root Application."""
    found: Fingerprints = {}
    for file in folder.rglob("*.yaml"):
        if file.name == "root.yaml":
            continue
        for document in yaml.load_all(file.read_bytes(), yaml.CSafeLoader):
            metadata = document["metadata"]
            name = f"{document['kind']} {metadata.get('namespace', '')}/{metadata['name']}"
            if name in found:
                raise BenchError(f"{file.name}: {name} is rendered twice")
            content = json.dumps(document, sort_keys=True).encode()
            found[name] = hashlib.sha256(content).hexdigest()
    return found


def compare(who: str, found: Fingerprints, expected: Fingerprints) -> None:
    """Raises BenchError naming the first document that differs from the synthesizer's."""
    for name in sorted(found.keys() | expected.keys()):
        if found.get(name) != expected.get(name):
            raise BenchError(f"{who} renders {name} differently from the synthesizer")
