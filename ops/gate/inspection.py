"""One run of the gate: the checks, their order, and the result."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import ops.gate.checks  # noqa: F401 (registers the checks)
from ops import kinds
from ops.documents.manifest import Manifest
from ops.documents.manifest_files import files_in, read, strangers
from ops.documents.platform import platform_of, root_application
from ops.errors import ManifestError, OpsError
from ops.gate import (
    api_server,
    freshness,
    policy,
    repository_files,
    schemas,
    secrets_files,
)
from ops.gate.consequences import Causes, in_order, left_over
from ops.gate.finding import Finding
from ops.gate.inventory import Inventory

UNREADABLE, STRANGER = "manifest.E001", "manifest.E002"


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
    schema refuses, the policy only uses the metadata. Raises an OpsError when the run
    itself cannot be made: a missing tool, path or platform.
    """
    platform = platform_of(root_application(root))
    files = files_in(paths)
    if not files:
        raise OpsError(f"no manifests in {', '.join(map(str, paths))}; run `make synth`")
    result = Result(findings=[each for path in paths for each in _strangers(path)])
    with ThreadPoolExecutor() as pool:
        answers = pool.submit(schemas.validate, files, platform.kubernetes_version, root)
        others: list[Future[list[Finding]]] = []
        if whole_repository:
            others = [
                pool.submit(freshness.findings, root),
                pool.submit(lambda: list(repository_files.leaks(root))),
                pool.submit(lambda: list(repository_files.unencrypted(root))),
                pool.submit(secrets_files.findings, root),
            ]
        for file in files:
            _read(file, result)
        refusals = pool.submit(
            api_server.refusals, result.manifests, platform.kubernetes_version, root
        )
        kinds.every()  # loads, as the conversion below, while the programs validate
        misshapen = dict(_misshapen(result.manifests))
        invalid, valid = schemas.judge(answers.result(), result.manifests)
        invalid += [misshapen[id(manifest)] for manifest in valid if id(manifest) in misshapen]
        valid = [manifest for manifest in valid if id(manifest) not in misshapen]
        found, result.silenced = policy.run(Inventory(result.manifests, valid, platform))
        result.findings += invalid + _refused(refusals.result(), valid)
        for other in others:
            result.findings += other.result()
        if wrong := left_over(result.findings):
            valid = [manifest for manifest in valid if manifest.file not in wrong]
            rest = [manifest for manifest in result.manifests if manifest.file not in wrong]
            found, result.silenced = policy.run(Inventory(rest, valid, platform))
        result.findings += Causes(result.manifests).without_consequences(found, result.findings)
    result.findings = in_order(result.findings)
    return result


def _strangers(path: Path) -> Iterator[Finding]:
    """What a folder holds besides manifests."""
    for entry in strangers(path) if path.is_dir() else ():
        problem = "is no manifest by its name; Argo CD may read it, or others otherwise for it"
        hint = "remove it: the folder holds NAME.yaml files alone"
        yield Finding(STRANGER, entry, 1, entry.name, problem, hint)


def _refused(refusals: Iterable[list[Finding]], valid: Sequence[Manifest]) -> list[Finding]:
    """What the API server refuses in documents that their schema holds valid."""
    places = {(manifest.file, manifest.line) for manifest in valid}
    return [f for found in refusals for f in found if (f.file, f.line) in places]


def _misshapen(manifests: Iterable[Manifest]) -> Iterator[tuple[int, Finding]]:
    """Documents that cannot be converted to the model of their kind, by identity."""
    for manifest in manifests:
        try:
            _ = manifest.object
        except ManifestError as error:
            place = (error.file, error.line, str(manifest))
            yield id(manifest), Finding(schemas.INVALID, *place, error.problem)


def _read(file: Path, result: Result) -> None:
    try:
        result.manifests += read(file)
    except ManifestError as error:
        finding = Finding(UNREADABLE, error.file, error.line, file.name, error.problem)
        result.findings.append(finding)
