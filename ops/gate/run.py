"""One run of the gate: what is asked, in which order, and the result."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import ops.gate.checks  # noqa: F401 (registers the checks)
from ops import manifests as reading
from ops.errors import ManifestError, OpsError
from ops.gate import freshness, policy, repository, schemas
from ops.gate.finding import Finding
from ops.gate.inventory import Inventory
from ops.manifests import Manifest
from ops.platform import Platform, root_application

UNREADABLE = "manifest.E001"


@dataclass
class Result:
    """What a run found."""

    manifests: list[Manifest] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    silenced: list[policy.Silenced] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def run(paths: Sequence[Path], root: Path, *, whole_repository: bool) -> Result:
    """Validates and checks every document below the paths.

    For the whole repository, also whether it is fresh and free of secrets. Of a document that its
    schema refuses, the policy only asks what its metadata tell. Raises an OpsError when the run
    itself cannot be made: a missing tool, path or platform.
    """
    files = reading.files_in(paths)
    if not files:
        raise OpsError(f"no manifests in {', '.join(map(str, paths))}; run `make synth`")
    platform = Platform(root_application(root))
    result = Result()
    with ThreadPoolExecutor() as pool:
        answers = pool.submit(schemas.validate, files, platform["kubernetes-version"], root)
        others: list[Future[list[Finding]]] = []
        if whole_repository:
            others = [
                pool.submit(freshness.findings, root),
                pool.submit(lambda: list(repository.leaks(root))),
                pool.submit(lambda: list(repository.unencrypted(root))),
            ]
        for file in files:
            _read(file, result)
        invalid, valid = schemas.judge(answers.result(), result.manifests)
        found, result.silenced = policy.run(Inventory(result.manifests, valid, platform))
        result.findings += invalid + found
        for other in others:
            result.findings += other.result()
    result.findings = sorted(set(result.findings), key=lambda f: (str(f.file), f.line, f.id))
    return result


def _read(file: Path, result: Result) -> None:
    try:
        result.manifests += reading.read(file)
    except ManifestError as error:
        finding = Finding(UNREADABLE, error.file, error.line, file.name, error.problem)
        result.findings.append(finding)
