"""`make gate` over the repository: fresh, free of secrets, and never passing for want of a tool."""

import json
import secrets
import shutil
import string
import sys
from pathlib import Path

import pytest

from ops.gate import freshness
from ops.gate.repository_files import unencrypted
from tests import frozen
from tests.conftest import Run
from tests.sealed import OPERATOR, rules, sealed_file


def ids(ops: Run, repository: Path) -> list[str]:
    answer = ops("gate", "--json", folder=repository)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    return [finding["id"] for finding in json.loads(answer.stdout)["findings"]]


def test_repository_passes_and_lists_every_document(ops: Run) -> None:
    answer = ops("gate")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    lines = answer.stdout.splitlines()
    assert "Database databases/vergabe-db  dist/vergabe-teilnahme.k8s.yaml:19  -2  ok" in lines
    assert lines[-1] == "gate passed: 15 documents in 3 files"


def test_any_single_line_edited_by_hand_is_caught(tmp_path: Path) -> None:
    committed, edited = frozen.FOLDER / "dist", tmp_path / "dist"
    shutil.copytree(committed, edited)
    for file in edited.iterdir():
        lines = file.read_text().splitlines(keepends=True)
        for number in range(len(lines)):
            changed = [*lines[:number], lines[number].rstrip("\n") + " \n", *lines[number + 1 :]]
            file.write_text("".join(changed))
            (found,) = freshness.compare(edited, committed)
            assert (found.id, found.line) == ("freshness.E001", number + 1)
        file.write_text("".join(lines))


EDITS = {
    "a line added": ("dist/vergabe-teilnahme.k8s.yaml", "\n", "\n# by hand\n"),
    "a value changed": ("dist/vergabe-teilnahme.k8s.yaml", "replicas: 1", "replicas: 2"),
    "another pause": ("argocd/root.yaml", "duration: 10s", "duration: 11s"),
}


@pytest.mark.parametrize(("name", "old", "new"), EDITS.values(), ids=EDITS)
def test_edit_by_hand_fails_the_gate(
    ops: Run, repository: Path, name: str, old: str, new: str
) -> None:
    file = repository / name
    file.write_text(file.read_text().replace(old, new, 1))
    assert ids(ops, repository) == ["freshness.E001"]


def test_file_that_is_missing_or_left_over_fails_the_gate(ops: Run, repository: Path) -> None:
    (repository / "argocd/vergabe-teilnahme.yaml").rename(repository / "argocd/other.yaml")
    assert ids(ops, repository) == ["freshness.E003", "freshness.E002"]


STRANGERS = (
    *("argocd/Kustomization", "argocd/kustomization.yaml", "argocd/x.jsonnet", "dist/X.YAML"),
    *("dist/.argocd-source-vergabe-teilnahme.yaml", "dist/more.json", "dist/sub/a.k8s.yaml"),
)


@pytest.mark.parametrize("name", STRANGERS)
def test_file_that_is_no_manifest_by_its_name_fails_the_gate(
    ops: Run, repository: Path, name: str
) -> None:
    document = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: b}\n"
    (repository / name).parent.mkdir(exist_ok=True)
    (repository / name).write_text(document)
    assert "manifest.E002" in ids(ops, repository)


def test_declaration_that_cannot_be_rendered_is_an_error(ops: Run, repository: Path) -> None:
    file = repository / "apps/vergabe_teilnahme.py"
    file.write_text(file.read_text().replace("port=8000", "port=80"))
    answer = ops("gate", folder=repository)
    assert answer.returncode == 1
    assert (
        "error: apps/vergabe_teilnahme.py:5: DjangoApp.port: 80 needs a privilege" in answer.stderr
    )


def secret() -> str:
    """Something that gitleaks takes for a key; made anew, so that none is in the repository."""
    return "AKIA" + "".join(secrets.choice(string.ascii_uppercase + "234567") for _ in range(16))


def test_secret_in_any_file_fails_the_gate_and_is_not_repeated(ops: Run, repository: Path) -> None:
    leaked = secret()
    (repository / "notes.txt").write_text(f"first line\naws = '{leaked}'\n")
    answer = ops("gate", "--json", folder=repository)
    (found,) = json.loads(answer.stdout)["findings"]
    assert (found["id"], found["file"], found["line"]) == ("secrets.E004", "notes.txt", 2)
    assert leaked not in answer.stdout + answer.stderr


PLAIN = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {SECRET_KEY: %s}\n"
VALUE = "'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]'"
SOPS = f"sops: {{version: 3.11.0, mac: {VALUE}}}\n"
ENCRYPTED = PLAIN % VALUE

WANTED = {
    "vergabe-teilnahme-env": ("SECRET_KEY", "DATABASE_URL"),
    "vergabe-app-credentials": ("username", "password"),
}

SECRET_FILES = {
    "another name": ("app.yaml", ENCRYPTED + SOPS, "is not a *.sops.yaml"),
    "never encrypted": ("app.sops.yaml", PLAIN % "geheim", "is not encrypted by sops"),
    "one value in clear": (
        "app.sops.yaml",
        PLAIN % "geheim" + SOPS,
        "holds a value that is not encrypted",
    ),
    "a value that only begins like an encrypted one": (
        "app.sops.yaml",
        PLAIN % "'ENC[geheim]'" + SOPS,
        "holds a value that is not encrypted",
    ),
    "a value below a value": (
        "app.sops.yaml",
        PLAIN % "{a: geheim}" + SOPS,
        "holds a value that is not encrypted",
    ),
    "a key twice, once in clear": (
        "app.sops.yaml",
        PLAIN % "geheim" + f"stringData: {{SECRET_KEY: {VALUE}}}\n" + SOPS,
        "cannot be read as YAML of Secrets (line 5)",
    ),
    "its kind and names encrypted as well": (
        "app.sops.yaml",
        (ENCRYPTED + SOPS).replace("kind: Secret", f"kind: {VALUE}"),
        "has its kind, names and namespaces encrypted as well",
    ),
    "a second document in clear": (
        "app.sops.yaml",
        f"{ENCRYPTED}{SOPS}---\n{PLAIN % 'geheim'}",
        "is not encrypted by sops",
    ),
    "its metadata without a MAC": (
        "app.sops.yaml",
        ENCRYPTED + "sops: {version: 3.11.0}\n",
        "is not encrypted by sops",
    ),
    "a copy in an annotation": (
        "app.sops.yaml",
        (ENCRYPTED + SOPS).replace(
            "name: a",
            "name: a, annotations: {kubectl.kubernetes.io/last-applied-configuration: geheim}",
        ),
        "holds unencrypted values in the annotation kubectl.kubernetes.io/last-applied",
    ),
    "another kind": (
        "app.sops.yaml",
        (ENCRYPTED + SOPS).replace("kind: Secret", "kind: ConfigMap"),
        "holds a ConfigMap, where only Secrets belong",
    ),
    "another field": (
        "app.sops.yaml",
        ENCRYPTED + SOPS + "notes: geheim\n",
        "has the field notes, which a Secret does not have",
    ),
    "its name encrypted as well": (
        "app.sops.yaml",
        (ENCRYPTED + SOPS).replace("name: a", f"name: {VALUE}"),
        "has its kind, names and namespaces encrypted as well",
    ),
    "its kind encrypted, and a value not": (
        "app.sops.yaml",
        (PLAIN % "geheim" + SOPS).replace("kind: Secret", f"kind: {VALUE}"),
        "holds a value that is not encrypted",
    ),
    "a sealed one": (
        "app.sops.yaml",
        (ENCRYPTED + SOPS).replace("kind: Secret", "kind: SealedSecret"),
        "holds a SealedSecret, which nothing here reads",
    ),
    "in conflict": (
        "app.sops.yaml",
        f"{PLAIN % VALUE}{'<' * 7} HEAD\na: 1\n=======\na: 2\n{'>' * 7} x\n{SOPS}",
        "has merge conflict markers",
    ),
    "encrypted by age itself": (
        "app.sops.yaml",
        "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n",
        "is encrypted by age itself, not by sops",
    ),
    "a pointer of Git LFS": (
        "app.sops.yaml",
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n",
        "is a pointer of Git LFS, not the file itself",
    ),
    "Ansible's": ("app.sops.yaml", "$ANSIBLE_VAULT;1.1;AES256\n3133\n", "by Ansible Vault, not"),
    "sops' binary form": (
        "app.sops.yaml",
        '{\n\t"data": "ENC[AES256_GCM,data:eA==]",\n\t"sops": {}\n}\n',
        "is in sops' form for files that are no YAML",
    ),
    "JSON": ("app.sops.json", '{"kind": "Secret", "sops": {"mac": "x"}}', "is not a *.sops.yaml"),
    "JSON under the right name": (
        "app.sops.yaml",
        '{"kind": "Secret", "sops": {"mac": "x"}}',
        "is JSON, not YAML",
    ),
    "a .env file": (
        "app.sops.yaml",
        "SECRET_KEY=ENC[AES256_GCM,data:eA==]\nsops_mac=ENC[AES256_GCM,data:eA==]\n",
        "is in sops' form for .env files",
    ),
    "empty": ("app.sops.yaml", "", "is empty"),
    "broken": ("app.sops.yaml", "stringData: [\n", "cannot be read as YAML of Secrets"),
}


@pytest.mark.parametrize(("name", "text", "message"), SECRET_FILES.values(), ids=SECRET_FILES)
def test_secrets_file_that_is_not_encrypted_is_found(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / name).write_text(text)
    (found,) = unencrypted(tmp_path)
    assert (found.id, found.file) == ("secrets.E005", Path("secrets", name))
    if name == "app.yaml":
        assert found.hint == "rename it to app.sops.yaml"
    assert message in found.message
    assert "geheim" not in str(found)
    assert not ("geheim" in text and "nothing has to be rotated" in found.hint)


def test_secrets_file_that_is_not_encrypted_fails_the_gate(ops: Run, repository: Path) -> None:
    (repository / "secrets/app.sops.yaml").write_text(PLAIN % "geheim" + SOPS)
    answer = ops("gate", "--json", folder=repository)
    (found,) = json.loads(answer.stdout)["findings"]
    assert (answer.returncode, found["id"]) == (1, "secrets.E005")
    assert "geheim" not in answer.stdout + answer.stderr


def test_digest_of_another_secrets_file_fails_the_gate(
    ops: Run, run: Run, repository: Path
) -> None:
    file = repository / "secrets/vergabe-teilnahme.sops.yaml"
    encrypted = sealed_file("vergabe-teilnahme", WANTED, (OPERATOR,))
    file.write_text(encrypted)
    (repository / ".sops.yaml").write_text(rules(OPERATOR))
    assert run(sys.executable, "-O", "app.py", folder=repository).returncode == 0
    assert ops("gate", folder=repository).returncode == 0
    file.write_bytes(encrypted.replace("\n", "\r\n").encode())
    assert ops("gate", folder=repository).returncode == 0
    file.write_text(encrypted + "\n")
    assert ids(ops, repository) == ["freshness.E001"]


MISSING = {
    "kubeconform": (".tools/bin/kubeconform", "kubeconform is missing: run `make setup`"),
    "gitleaks": (".tools/bin/gitleaks", "gitleaks is missing: run `make setup`"),
    "schemas": (".tools/schemas", "no schemas of Kubernetes 1.34: run `make setup`"),
}


@pytest.mark.parametrize(("name", "message"), MISSING.values(), ids=MISSING)
def test_missing_tool_is_an_error_and_no_pass(
    ops: Run, repository: Path, name: str, message: str
) -> None:
    (repository / name).unlink()
    answer = ops("gate", folder=repository)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("error: ")
    assert answer.stderr.endswith(f"{message}\n")


def test_platform_that_nobody_tells_is_an_error(ops: Run, repository: Path) -> None:
    (repository / "argocd/root.yaml").unlink()
    answer = ops("gate", folder=repository)
    assert answer.returncode == 1
    assert "argocd/root.yaml: not there, so the platform is unknown" in answer.stderr


def test_platform_that_leaves_a_fact_out_is_an_error(ops: Run, repository: Path) -> None:
    file = repository / "argocd/root.yaml"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "reserved-roles" not in line))
    answer = ops("gate", folder=repository)
    assert answer.returncode == 1
    assert (
        "does not state the platform's platform.railiance.io/reserved-roles; run `make synth`"
        in answer.stderr
    )


def test_wrong_usage_ends_with_2(ops: Run) -> None:
    assert ops("gate", "--jsno").returncode == 2
    assert ops("gaet").returncode == 2
