"""The layers: which way imports point, and where cdk8s and the cluster are used."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

AGREED = (
    "annotations",
    "cron",
    "harmful_settings",
    "host_redirect",
    "maintenance",
    "manage",
    "names",
    "object_storage",
    "plaintext",
    "platform",
    "postgres",
    "production",
    "public_names",
    "quantities",
    "secret_names",
    "smoke",
    "texts",
    "valkey",
    "valkey_access",
)
"""What both sides of dist/ agree on: declared once, and imported by both."""
ALLOWED = {
    "app.py": {"apps", "compiled", "railiance"},
    "apps": {"apps", "railiance"},
    "constructs/railiance": {"railiance", "imports", "cdk8s", "cdk8s_plus_28", "constructs"}
    | {"cronsim"},
    "ops": {"ops", "click", "rich", "yaml"}
    | {f"railiance.{module}" for module in AGREED}
    | {"botocore", "django", "lightkube", "httpx2", "lxml", "msgspec", "pyrage"},
}
"""What each part may import beside the standard library."""


def sources(part: str) -> list[Path]:
    path = ROOT / part
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


@pytest.mark.parametrize("part", ALLOWED)
def test_imports_point_one_way(part: str) -> None:
    for file in sources(part):
        for module in imported(file):
            within = any(f"{module}.".startswith(f"{name}.") for name in ALLOWED[part])
            assert is_standard(module) or within, f"{file.relative_to(ROOT)} imports {module}"


CDK8S = {"cdk8s", "cdk8s_plus_28", "constructs", "jsii"}


def cdk8s_users() -> set[Path]:
    parts = ("app.py", "apps", "constructs", "ops")
    return {file for part in parts for file in sources(part) if CDK8S & set(imported(file))}


def test_declarations_and_the_operators_tool_do_not_load_cdk8s() -> None:
    """Importing it starts Node.js."""
    allowed = {"app_chart", "argocd_charts", "chart_files", "metadata", "node"}
    constructs = ROOT / "constructs/railiance"
    for user in cdk8s_users():
        assert user.parent == constructs / "parts" or (
            user.parent == constructs and user.stem in allowed
        ), f"{user.relative_to(ROOT)} imports cdk8s"


@pytest.mark.parametrize("file", sorted(cdk8s_users()), ids=lambda file: file.stem)
def test_cdk8s_gets_structs_and_no_dicts_in_lists(file: Path) -> None:
    """Of a dict in a list, cdk8s loses fields without a word, and mypy passes."""
    tree = ast.parse(file.read_text())
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in CDK8S
        for alias in node.names
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func).partition(".")[0] in names:
            lists = [part for part in ast.walk(call) if isinstance(part, ast.List | ast.ListComp)]
            dicts = [part for one in lists for part in ast.walk(one) if isinstance(part, ast.Dict)]
            assert not dicts, f"{file.name}:{call.lineno} hands cdk8s a dict in a list"


def test_other_programs_are_run_through_one_file() -> None:
    users = {str(f.relative_to(ROOT)) for f in sources("ops") if "subprocess" in set(imported(f))}
    assert users == {"ops/host/command.py"}


def test_no_file_is_called_by_what_it_is_not_about() -> None:
    vague = {"utils.py", "helpers.py", "common.py", "misc.py"}
    for part in ("apps", "box", "constructs", "ops", "tools", "tests"):
        assert not [file for file in sources(part) if file.name in vague]


def test_constructs_is_no_package() -> None:
    """With an __init__.py it would shadow PyPI's `constructs`, on which cdk8s stands."""
    assert not (ROOT / "constructs/__init__.py").exists()


def test_app_py_stays_a_composition_root() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) < 40


def test_the_cluster_is_reached_through_one_folder() -> None:
    users = {str(f.relative_to(ROOT).parent) for f in sources("ops") if "lightkube" in roots(f)}
    assert users == {"ops/cluster"}


def roots(file: Path) -> set[str]:
    return {module.partition(".")[0] for module in imported(file)}


def test_no_two_files_of_the_operators_tool_share_a_name() -> None:
    names = Counter(file.name for file in sources("ops") if file.parent != ROOT / "ops/verbs")
    assert [name for name, count in names.items() if count > 1] == ["__init__.py"]


KIND_TABLE = re.compile(r"""["'](Deployment|StatefulSet|Job|Ingress|Certificate)["']""")


def test_kinds_are_described_in_their_entries_alone() -> None:
    """Whatever else needs to know something of a kind takes it from its entry."""
    for file in sources("ops"):
        if file.is_relative_to(ROOT / "ops/kinds"):
            continue
        found = set(KIND_TABLE.findall(file.read_text()))
        assert len(found) <= 1, f"{file.relative_to(ROOT)} names the kinds {sorted(found)}"


def test_documents_are_read_as_typed_objects() -> None:
    """After a document was read, no field may be asked for as if it might be missing."""
    for file in sources("ops"):
        text = file.read_text()
        assert not re.search(r"\.get\([^()]*\) or \{\}\)\.get", text), file
