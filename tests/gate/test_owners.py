"""The owners of what decides over secrets and over the gate, as Gitea reads them."""

import re

import pytest

from tests.conftest import ROOT

OWNED = (
    ".sops.yaml",
    "secrets/vergabe-teilnahme.sops.yaml",
    "constructs/railiance/railiance01.py",
    "ops/gate/policy.py",
    "ops/gate/checks/secrets_checks.py",
    ".gitleaks.toml",
    ".gitea/CODEOWNERS",
    ".gitea/workflows/pull-request.yaml",
)


def owners() -> dict[str, list[str]]:
    lines = (ROOT / ".gitea/CODEOWNERS").read_text().splitlines()
    rules = (line.split() for line in lines if line and not line.startswith("#"))
    return {pattern: names for pattern, *names in rules}


@pytest.mark.parametrize("path", OWNED)
def test_path_has_an_owner(path: str) -> None:
    found = [names for pattern, names in owners().items() if re.fullmatch(pattern, path)]
    assert found
    assert all(name.startswith("@") for names in found for name in names)


def test_routine_changes_have_none() -> None:
    for path in ("apps/vergabe_teilnahme.py", "dist/vergabe-teilnahme.k8s.yaml", "README.md"):
        assert not any(re.fullmatch(pattern, path) for pattern in owners())
