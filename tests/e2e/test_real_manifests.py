"""Rehearsal 63, `ops plan` on manifests that others wrote: two versions each, out of Go modules.

What needs no box is here because it downloads modules.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from ops.kinds.description.effect import Effect
from ops.plan.build import plan
from ops.plan.html import page
from ops.plan.markdown import MOST_CHARACTERS, comment
from tests import frozen
from tests.e2e.dry_run import apply, delete, refusal
from tools.imports.crds import Pin, module_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.rehearsal import Rehearsal


# The box stands on the first, and would wait for whom the others ask.
LEFT_OUT = (
    "CustomResourceDefinition",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
)
ARGOCD, CNPG, CERT_MANAGER = (
    "github.com/argoproj/argo-cd/v3",
    "github.com/cloudnative-pg/cloudnative-pg",
    "github.com/cert-manager/cert-manager",
)
CNPG_128 = (CNPG, "v1.28.0", "vkv0a0ewDSfJOPJrsyUr4uczsxheReAWf/k171V0Dm0=")
VERSIONS = {
    "Argo CD": [
        ((ARGOCD, version, checksum), "manifests/install.yaml")
        for version, checksum in (
            ("v3.5.0", "iqnPFSKaQ0l3hREMH2Rk55VDcxrvBFaSO0g9bifZKzc="),
            ("v3.6.1", "OmhqeKiR3C//awbFrhQqFdtRI+Qiv17j8vqm3UkMj/g="),
        )
    ],
    "CloudNativePG": [
        (CNPG_128, "releases/cnpg-1.27.0.yaml"),
        (CNPG_128, "releases/cnpg-1.28.0.yaml"),
    ],
    "cert-manager": [
        ((CERT_MANAGER, version, checksum), "deploy/crds/*.yaml")
        for version, checksum in (
            ("v1.20.0", "czZamsFJ1YdKPhpv+SopJZN9t3W68vQBnFYUevSHGqY="),
            ("v1.21.2", "UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68="),
        )
    ],
}


def manifests(module: tuple[str, str, str], pattern: str) -> str:
    name, version, checksum = module
    pin = Pin(module=name, version=version, sum=f"h1:{checksum}", files=[], kinds=[])
    found = sorted(module_folder(pin).glob(pattern))
    assert found
    return "\n---\n".join(file.read_text() for file in found)


def application() -> str:
    """The frozen app's Application, reading any file."""
    documents = yaml.safe_load_all((frozen.FOLDER / "argocd/vergabe-teilnahme.yaml").read_text())
    (found,) = (document for document in documents if document["kind"] == "Application")
    found["spec"]["source"]["directory"]["include"] = "*.yaml"
    return yaml.safe_dump(found)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "upgrade"
    for name in ("dist", "argocd"):
        (folder / name).mkdir(parents=True)
    (folder / "argocd/app.yaml").write_text(application())
    git(folder, "init", "--quiet")
    return folder


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True)  # noqa: S607


def commit_versions(repository: Path, name: str) -> None:
    """Two commits, one a version."""
    for module, pattern in VERSIONS[name]:
        (repository / "dist/app.yaml").write_text(manifests(module, pattern))
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--message", pattern)


@pytest.mark.parametrize("name", VERSIONS)
def test_every_change_of_a_real_upgrade_is_classed(repository: Path, name: str) -> None:
    commit_versions(repository, name)
    for base, head in (("HEAD~1", "HEAD"), ("HEAD", "HEAD~1")):
        found = plan(base, head, repository)
        assert found.changes
        assert [str(c) for c in found.changes if c.effect is Effect.UNKNOWN] == []
        assert all(judged.reason for change in found.changes for judged in change.judged)
        assert len(comment(found)) <= MOST_CHARACTERS
        assert page(found).endswith("</html>\n")


@pytest.mark.rehearsal(63, "a real upgrade: the API server refuses what ops plan says, no more")
def test_real_upgrade_is_refused_where_the_plan_says_so(
    rehearsal: Rehearsal, repository: Path, record_property: Callable[[str, object], None]
) -> None:
    tried = refused = 0
    for name in ("Argo CD", "CloudNativePG"):
        commit_versions(repository, name)
        documents = yaml.safe_load_all(manifests(*VERSIONS[name][0]))
        old = [d for d in documents if d and d["kind"] not in LEFT_OUT]
        changes = [
            change
            for change in plan("HEAD~1", "HEAD", repository).changes
            if change.old and change.new and change.old.kind not in LEFT_OUT
        ]
        try:
            apply(rehearsal.cluster, *old)
            for change in changes:
                assert change.new
                answer = refusal(rehearsal.cluster, change.new.content)
                assert bool(answer) == (change.effect is Effect.REFUSED), answer or str(change)
                tried, refused = tried + 1, refused + bool(answer)
        finally:
            delete(rehearsal.cluster, *old)
    record_property("note", f"{tried} objects, {refused} refused")
    assert tried
