"""imports/ is what the pinned schemas give, without a sentence of the upstream's."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Run
from tools.imports import crds
from tools.imports.schema import closed, without_prose

BIN = str(Path(sys.executable).parent)


def tree(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): file.read_text()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }


@pytest.mark.slow
def test_regenerating_gives_the_committed_files(run: Run, tmp_path: Path) -> None:
    answer = run(sys.executable, "-m", "tools.imports", tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert tree(tmp_path) == tree(ROOT / "imports")


def test_crds_come_from_the_pinned_modules(run: Run, tmp_path: Path) -> None:
    answer = run(sys.executable, "-m", "tools.imports.crds", tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert tree(tmp_path) == {
        name: text for name, text in tree(ROOT / ".tools/schemas/crds").items() if name != "ready"
    }


def test_module_that_is_not_what_was_pinned_is_refused() -> None:
    pin: crds.Module = json.loads(crds.PINS.read_text())[0]
    with pytest.raises(crds.CrdError, match=r"checksum h1:.* pinned is h1:other"):
        crds.module_folder({**pin, "sum": "h1:other"})


def test_no_sentence_is_left() -> None:
    def sentences(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["description"]] if isinstance(node.get("description"), str) else []
            return own + [s for value in node.values() for s in sentences(value)]
        return [s for item in node for s in sentences(item)] if isinstance(node, list) else []

    for schema in (ROOT / "imports/schemas").rglob("*.json"):
        assert sentences(json.loads(schema.read_text())) == []
    assert '"""' not in (ROOT / "imports/kubernetes.py").read_text()


def test_property_called_description_is_no_prose() -> None:
    schema = {"description": "x", "properties": {"description": {"type": "string", "title": "y"}}}
    assert without_prose(schema) == {"properties": {"description": {"type": "string"}}}


def test_closed_schema_keeps_open_what_the_api_server_keeps() -> None:
    schema = {
        "type": "object",
        "properties": {
            "named": {"type": "object", "properties": {"a": {"type": "string"}}},
            "map": {"type": "object", "additionalProperties": {"type": "string"}},
            "kept": {
                "type": "object",
                "properties": {},
                "x-kubernetes-preserve-unknown-fields": True,
            },
            "either": {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}]},
            "nothing": {"type": "string", "nullable": True},
        },
    }
    properties = closed(schema)["properties"]
    assert closed(schema)["additionalProperties"] is False
    assert properties["named"]["additionalProperties"] is False
    assert properties["map"]["additionalProperties"] == {"type": "string"}
    assert "additionalProperties" not in properties["kept"]
    assert properties["either"] == {"type": ["integer", "string"]}
    assert properties["nothing"] == {"type": ["string", "null"]}


def test_box_has_the_crds_that_the_types_are_made_of() -> None:
    files = ROOT.glob("box/go/*/go.mod")
    required = {tuple(line.split()[:2]) for file in files for line in file.read_text().split("\n")}
    pins = json.loads((ROOT / "tools/imports/crds.json").read_text())
    assert {(pin["module"], pin["version"]) for pin in pins} <= required
