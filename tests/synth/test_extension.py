"""The worked example of docs/how-to/extend-an-app.md, rendered, checked and planned."""

import re
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run
from tests.ops.image.conftest import OWN_CONFIGURATION, under_git
from tests.runner import ops_here
from tests.synth.conftest import edit

PAGE = ROOT / "docs/how-to/extend-an-app.md"
EXAMPLE, FINDINGS = re.findall(r"```\w*\n(.*?)```", PAGE.read_text(), re.DOTALL)


def declare(repository: Path, example: str, run: Run) -> None:
    """Adds the example to the apps, and renders it."""
    (repository / "apps/notizen.py").write_text(example)
    listed = repository / "apps/__init__.py"
    edit(listed, "from apps.verg", "from apps.notizen import NOTIZEN\nfrom apps.verg")
    edit(listed, "(VERG", "(NOTIZEN, VERG")
    answer = run(sys.executable, "-O", "app.py", folder=repository)
    assert answer.returncode == 0, answer.stderr


def test_example_passes_the_gate_and_the_plan_shows_what_it_silences(
    repository: Path, run: Run
) -> None:
    under_git(repository)
    declare(repository, EXAMPLE, run)
    gate = ops_here("gate", folder=repository, variables=OWN_CONFIGURATION)
    assert gate.returncode == 0, gate.stdout + gate.stderr
    plan = ops_here("plan", "HEAD", folder=repository, variables=OWN_CONFIGURATION)
    assert plan.returncode == 0, plan.stdout + plan.stderr
    assert "PodDisruptionBudget notizen/notizen: created" in plan.stdout
    for reason in ("crash up to ten seconds", "a drain waits until"):
        assert reason in plan.stdout
    project = (repository / "argocd/notizen.yaml").read_text()
    assert "- group: policy\n      kind: PodDisruptionBudget\n" in project


def test_without_its_annotations_the_gate_says_what_the_page_says(
    repository: Path, run: Run
) -> None:
    declare(repository, EXAMPLE.replace("silence.railiance.io", "example.org"), run)
    gate = ops_here("gate", "dist", "argocd", folder=repository, variables={})
    assert gate.returncode == 1
    found = re.findall(r"^dist/\S+ (.*)", gate.stdout + gate.stderr, re.MULTILINE)
    assert sorted(found) == sorted(FINDINGS.splitlines())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "chart.web.add_json",
            "chart.wed.add_json",
            "apps/notizen.py:11: AttributeError: 'DjangoAppChart' object has no attribute 'wed'",
        ),
        ("extend=extend", "extend=3", "apps/notizen.py:33: DjangoApp.extend: takes a function"),
        (
            'JsonPatch.add("/spec/minReadySeconds", 10)',
            'JsonPatch.replace("/spec/no/such", 10)',
            "cdk8s failed: ",
        ),
    ],
    ids=["part that is not there", "no function", "patch of nothing"],
)
def test_wrong_extension_is_an_error_that_names_it(
    repository: Path, run: Run, old: str, new: str, message: str
) -> None:
    (repository / "apps/notizen.py").write_text(EXAMPLE.replace(old, new))
    edit(
        repository / "apps/__init__.py",
        "from apps.verg",
        "from apps.notizen import NOTIZEN\nfrom apps.verg",
    )
    edit(repository / "apps/__init__.py", "(VERG", "(NOTIZEN, VERG")
    answer = run(sys.executable, "-O", "app.py", folder=repository)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"error: {message}"), answer.stderr
    assert "Traceback" not in answer.stderr
    assert "    at " not in answer.stderr
