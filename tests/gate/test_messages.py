"""A finding is about its cause, stands alone, and names a line that exists."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ops.documents import manifest_files
from ops.documents.platform import platform_of, root_application
from ops.gate import freshness, policy
from ops.gate.consequences import COMPARING, Causes
from ops.gate.finding import Finding
from ops.gate.inventory import Inventory
from tests import frozen
from tests.conftest import Run, rendered
from tests.made_up import NOTIZEN, WERKSTATT, WITH_VALKEY

DIST = "dist/vergabe-teilnahme.k8s.yaml"
ARGOCD = "argocd/vergabe-teilnahme.yaml"
Edit = Callable[[str], str]


def without(kind: str) -> Edit:
    """Removes the first document of a kind."""

    def edit(text: str) -> str:
        documents = text.split("---\n")
        found = next(number for number, one in enumerate(documents) if f"kind: {kind}\n" in one)
        return "---\n".join(documents[:found] + documents[found + 1 :])

    return edit


def replaced(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


CAUSES: dict[str, tuple[str, Edit, str, str]] = {
    "text for a port": (
        DIST,
        replaced("containerPort: 8000", "containerPort: '8000'"),
        "schema.E001",
        "containerPort: got string, want integer",
    ),
    "a misspelt field of the Service": (
        DIST,
        replaced("targetPort: http", "targetport: http"),
        "schema.E001",
        "'targetport' not allowed",
    ),
    "a number for a label": (
        DIST,
        replaced("app.kubernetes.io/part-of: vergabe-teilnahme", "app.kubernetes.io/part-of: 5"),
        "manifest.E001",
        "metadata.labels must have string values only",
    ),
    "a merge conflict": (
        DIST,
        replaced("  replicas: 1\n", "<<<<<<< HEAD\n  replicas: 1\n=======\n>>>>>>> other\n"),
        "manifest.E001",
        "has merge conflict markers",
    ),
    "a key twice": (
        DIST,
        replaced("  replicas: 1\n", "  replicas: 1\n  replicas: 3\n"),
        "manifest.E001",
        "duplicate key 'replicas'",
    ),
    "a wrong type in the AppProject": (
        ARGOCD,
        replaced("sourceRepos:", "sourceRepos: 5\n  sourceNamespaces:"),
        "schema.E001",
        "sourceRepos",
    ),
    "no Service": (DIST, without("Service"), "shape.E002", "has no Service"),
    "no claim": (
        DIST,
        without("PersistentVolumeClaim"),
        "shape.E003",
        "there is no PersistentVolumeClaim",
    ),
    "a kind that the project does not allow": (
        ARGOCD,
        replaced("    - group: networking.k8s.io\n      kind: Ingress\n", ""),
        "argocd.E001",
        "renders networking.k8s.io/Ingress",
    ),
}


@pytest.mark.parametrize("cause", CAUSES.values(), ids=CAUSES)
def test_cause_is_reported_alone(
    ops: Run, repository: Path, cause: tuple[str, Edit, str, str]
) -> None:
    file, edit, id_, message = cause
    target = repository / file
    target.write_text(edit(target.read_text()))
    answer = ops("gate", "--json", "dist", "argocd", folder=repository)
    (finding,) = json.loads(answer.stdout)["findings"]
    assert finding["id"] == id_
    assert message in finding["message"]
    assert 1 <= finding["line"] <= len(target.read_text().splitlines())


def test_defect_of_another_app_and_a_secret_are_reported_as_well(
    ops: Run, repository: Path, two_apps: Path
) -> None:
    for folder in ("dist", "argocd"):
        for file in (two_apps / folder).iterdir():
            (repository / folder / file.name).write_bytes(file.read_bytes())
    broken, other = repository / DIST, repository / "dist/notizen.k8s.yaml"
    text = broken.read_text().replace("replicas: 1", "replicas: one")
    broken.write_text(text.replace('value: "--graceful', 'value: "https://u:p@a.de/ --graceful'))
    other.write_text(without("Service")(other.read_text()))
    answer = ops("gate", "--json", "dist", "argocd", folder=repository)
    found = [(f["id"], Path(f["file"]).name) for f in json.loads(answer.stdout)["findings"]]
    assert found[0] == ("schema.E001", broken.name)
    assert ("shape.E002", other.name) in found
    assert [name for id_, name in found if id_.startswith("shape.")] == [other.name]


@pytest.mark.slow
def test_file_that_should_not_be_there_is_the_only_finding(ops: Run, repository: Path) -> None:
    left = repository / "dist/alt.k8s.yaml"
    left.write_text((repository / DIST).read_text())
    answer = ops("gate", "--json", folder=repository)
    (finding,) = json.loads(answer.stdout)["findings"]
    assert (finding["id"], finding["file"]) == ("freshness.E003", "dist/alt.k8s.yaml")


@pytest.mark.slow
@pytest.mark.parametrize("name", [DIST, ARGOCD])
def test_file_that_is_missing_is_the_only_finding(ops: Run, repository: Path, name: str) -> None:
    (repository / name).unlink()
    answer = ops("gate", "--json", folder=repository)
    (finding,) = json.loads(answer.stdout)["findings"]
    assert (finding["id"], finding["file"]) == ("freshness.E002", name)


@pytest.mark.slow
def test_file_that_somebody_broke_by_hand_is_rendered_again(ops: Run, repository: Path) -> None:
    target = repository / DIST
    target.write_text(target.read_text().replace("replicas: 1", "replicas: one"))
    answer = ops("gate", "--json", folder=repository)
    (finding,) = json.loads(answer.stdout)["findings"]
    assert finding["id"] == "schema.E001"
    assert finding["hint"] == "run `make synth` and commit what it changes"


@pytest.mark.slow
def test_every_check_that_compares_documents_is_known(tmp_path: Path) -> None:
    """Removes each document of apps that have everything, and each after it in its file."""
    rendered([*frozen.APPS, NOTIZEN, WERKSTATT], tmp_path, platform=WITH_VALKEY)
    read = [
        manifest
        for file in manifest_files.files_in([tmp_path / "dist", tmp_path / "argocd"])
        for manifest in manifest_files.read(file)
    ]
    platform = platform_of(root_application(tmp_path))
    for gone in read:
        rest = [manifest for manifest in read if manifest is not gone]
        for everything in (rest, read):
            found, _ = policy.run(Inventory(everything, rest, platform))
            assert {finding.id for finding in found} <= COMPARING, gone
            cause = Finding("schema.E001", gone.file, gone.line, str(gone), "is not valid")
            assert not Causes(read).without_consequences(found, [cause])


LINES: dict[str, tuple[bytes, bytes, int, str]] = {
    "another line": (b"a\nb\nc\n", b"a\nx\nc\n", 2, "is not what the code renders"),
    "a line too few": (b"a\nb\n", b"a\nb\nc\n", 2, "is not what the code renders"),
    "a line too many": (b"a\nb\nc\n", b"a\nb\n", 3, "is not what the code renders"),
    "nothing": (b"", b"a\n", 1, "is not what the code renders"),
    "no last line break": (b"a\nb", b"a\nb\n", 2, "is not what the code renders"),
    "line endings": (b"a\r\nb\r\n", b"a\nb\n", 1, "in its line endings alone"),
    "some line endings": (b"a\nb\r\n", b"a\nb\n", 2, "in its line endings alone"),
    "line endings and more": (b"a\r\nx\r\n", b"a\nb\n", 2, "is not what the code renders"),
}


@pytest.mark.parametrize(("old", "new", "line", "message"), LINES.values(), ids=LINES)
def test_difference_is_named_by_a_line_that_exists(
    tmp_path: Path, old: bytes, new: bytes, line: int, message: str
) -> None:
    for name, content in (("committed", old), ("rendered", new)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.yaml").write_bytes(content)
    (finding,) = freshness.compare(tmp_path / "committed", tmp_path / "rendered")
    assert (finding.line, finding.id) == (line, "freshness.E001")
    assert message in finding.message


def test_repository_is_found_from_a_folder_in_it(ops: Run, repository: Path) -> None:
    below = repository / "docs/how-to"
    below.mkdir(parents=True)
    (below / "wrong.yaml").write_text("kind: 1\n")
    assert "gate passed" in ops("gate", "../../dist", "../../argocd", folder=below).stdout
    answer = ops("gate", "wrong.yaml", "--junit", "report.xml", folder=below)
    assert answer.stdout.startswith("docs/how-to/wrong.yaml:1: manifest.E001")
    assert (below / "report.xml").exists()
    assert "no app 'other' is rendered" in ops("status", "--app", "other", folder=below).stderr


def test_folder_outside_of_a_repository_is_named(ops: Run, tmp_path: Path) -> None:
    answer = ops("gate", folder=tmp_path)
    assert answer.returncode == 1
    assert "argocd/root.yaml: not there" in answer.stderr
    assert "in the folder of the repository" in answer.stderr
