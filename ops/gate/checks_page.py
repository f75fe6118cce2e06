"""The reference page of all checks, made from the checks themselves."""

from itertools import groupby

import ops.gate.checks  # noqa: F401 (registers the checks)
from ops.gate.policy import CHECKS, Check

BEYOND_POLICY = (
    ("manifest.E001", "A file holds Kubernetes objects, as valid YAML in UTF-8, each key once."),
    ("manifest.E002", "dist/ and argocd/ hold files called NAME.yaml, and nothing else."),
    ("schema.E001", "A document is valid by its schema; an unknown field is an error."),
    ("schema.E002", "Every kind has a schema."),
    ("schema.E003", "kubeconform can read every document."),
    ("schema.E004", "The API server would create every object, by its own validation."),
    (
        "secrets.E004",
        "No file that git tracks or would add, and no ignored `.env`, holds a plain secret.",
    ),
    ("secrets.E005", "Every file in secrets/ is a sops file in which every value is encrypted."),
    (
        "secrets.E007",
        "An app's secrets file has every key that its workloads read, and no others' Secrets.",
    ),
    (
        "secrets.E008",
        "A secrets file is encrypted for those whom .sops.yaml names, and for nobody else.",
    ),
    ("secrets.E009", "A secrets file is an app's: `secrets/<app>.sops.yaml`."),
    ("freshness.E001", "A file in dist/ and argocd/ is what the code renders."),
    ("freshness.E002", "Every file that the code renders is present."),
    ("freshness.E003", "Every file that is present is rendered by the code."),
)

HEAD = """# Checks

What `make gate` checks in every document in dist/ and argocd/, and in the repository. An id is
never reused.

An annotation that gives a reason silences a check on one object; the gate lists it in every run:

```yaml
metadata:
  annotations:
    silence.railiance.io/pods.E005: the image writes its cache beside its code until release 2
```

## Files, schemas, repository

| id | what must hold |
|---|---|
"""


def page() -> str:
    """The page, as it stands in docs/reference/checks.md."""
    head = HEAD + "".join(f"| {id_} | {rule} |\n" for id_, rule in BEYOND_POLICY)
    ordered = sorted(CHECKS.values(), key=lambda check: check.id)
    areas = groupby(ordered, key=lambda check: check.id.partition(".")[0])
    return head + "".join(_area(name, list(checks)) for name, checks in areas)


def _area(name: str, checks: list[Check]) -> str:
    rows = [f"| {c.id} | {c.rule} | {c.because} | {c.hint} |\n" for c in checks]
    head = f"\n## {name}\n\n| id | what must hold | because | how to fix |\n|---|---|---|---|\n"
    return head + "".join(rows)
