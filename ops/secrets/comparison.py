"""`ops secrets check`: which keys the workloads need, the file has, and the cluster has."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from ops.cluster.client import Cluster
from ops.cluster.context import open_to_read
from ops.errors import ClusterError, OpsError
from ops.kinds.secret import Secret
from ops.secrets.sealed import SecretsFile
from ops.secrets.wanted import Wanted


@dataclass(frozen=True, kw_only=True)
class Row:
    """One key of one Secret."""

    secret: str
    key: str
    in_file: bool
    in_cluster: bool | None
    """None if the cluster was not checked."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was compared; names only."""

    app: str
    file_problem: str
    cluster_problem: str
    """Why the cluster was not checked; empty if it was."""
    file_exists: bool
    """Whether there is a file, usable or not."""
    rows: list[Row] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every key is everywhere, and was looked for everywhere."""
        return all(row.in_file and row.in_cluster for row in self.rows)


def report(wanted: Wanted, context: str | None) -> Report:
    """Compares names of keys; neither decrypts nor keeps a value."""
    file_keys, file_problem = _in_file(wanted)
    cluster_keys, cluster_problem = _in_cluster(wanted, context)
    rows = [
        Row(
            secret=name,
            key=key,
            in_file=key in file_keys.get(name, ()),
            in_cluster=None if cluster_problem else key in cluster_keys.get(name, ()),
        )
        for name, keys in wanted.keys.items()
        for key in keys
    ]
    return Report(
        app=wanted.app,
        file_problem=file_problem,
        cluster_problem=cluster_problem,
        file_exists=SecretsFile(wanted).exists(),
        rows=rows,
    )


def _in_file(wanted: Wanted) -> tuple[Mapping[str, set[str]], str]:
    try:
        return SecretsFile(wanted).keys(), ""
    except OpsError as error:
        return {}, str(error)


def _in_cluster(wanted: Wanted, context: str | None) -> tuple[Mapping[str, set[str]], str]:
    try:
        cluster = open_to_read(context)
        keys = {name: _keys(cluster, name, wanted.namespace) for name in wanted.keys}
        if wanted.declares_role:
            keys[wanted.credentials] &= _keys(
                cluster, wanted.credentials, wanted.platform_namespace
            )
    except ClusterError as error:
        return {}, str(error)
    return keys, ""


def _keys(cluster: Cluster, name: str, namespace: str) -> set[str]:
    live = cluster.get(Secret, name, namespace)
    return set(live.data) if live else set()


def as_json(found: Report) -> str:
    """The report for programs."""
    content = {
        "app": found.app,
        "complete": found.complete,
        "file": {"problem": found.file_problem or None},
        "cluster": {
            "checked": not found.cluster_problem,
            "problem": found.cluster_problem or None,
        },
        "keys": [vars(row) for row in found.rows],
    }
    return json.dumps(content, indent=2)


def lines(found: Report) -> list[str]:
    """The report for people."""
    width = max((len(f"{row.secret} {row.key}") for row in found.rows), default=0)
    table = [
        f"{f'{row.secret} {row.key}':{width}}  file: {_word(there=row.in_file):7}"
        f"  cluster: {_word(there=row.in_cluster)}"
        for row in found.rows
    ]
    problems = [f"file: {found.file_problem}"] if found.file_problem else []
    if found.cluster_problem:
        problems.append(f"cluster: not checked: {found.cluster_problem}")
    return [*table, *problems, f"secrets of {found.app}: {_verdict(found)}"]


def _word(*, there: bool | None) -> str:
    return "unknown" if there is None else "there" if there else "missing"


def _verdict(found: Report) -> str:
    if found.complete:
        return "complete"
    if found.file_problem and found.file_exists:
        return "the file cannot be used: see above"
    lacking = sum(not row.in_file for row in found.rows)
    if lacking:
        return f"the file lacks {lacking}; run `ops secrets init --app {found.app}`"
    if found.cluster_problem:
        return "the file is complete, the cluster was not checked"
    return f"the cluster lacks keys; run `ops secrets apply --app {found.app}`"
