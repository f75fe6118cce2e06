"""How a result is shown: a table for people, JSON for programs, JUnit for CI."""

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from ops.documents.manifest import Manifest
from ops.gate.finding import Finding
from ops.gate.inspection import Result
from ops.host.files import replace

MOST_ROWS = 100
"""Above as many documents, only those with findings are listed."""


def _by_place(result: Result) -> dict[tuple[Path, int], list[Finding]]:
    places = defaultdict(list)
    for finding in result.findings:
        places[finding.file, finding.line].append(finding)
    return places


def show(result: Result) -> None:
    """Prints a row for each document, each finding in full, and a sentence that sums up."""
    found = _by_place(result)
    rows = [
        (
            str(m),
            f"{m.file}:{m.line}",
            "-" if m.stated_wave is None else str(m.stated_wave),
            _verdict(m, found),
        )
        for m in result.manifests
        if len(result.manifests) <= MOST_ROWS or (m.file, m.line) in found
    ]
    if sys.stdout.isatty():
        _show_table(rows)
    else:
        for row in rows:
            print(*row, sep="  ")
    show_findings(result)


def show_findings(result: Result) -> None:
    """Prints each finding in full, and a sentence that sums up."""
    lines = [(f"silenced: {s.finding} — {s.reason}", "yellow") for s in result.silenced]
    lines += [(str(finding), "red") for finding in result.findings]
    lines.append((_summary(result), "bold green" if result.passed else "bold red"))
    if sys.stdout.isatty():
        _show_coloured(lines)
    else:
        for line, _ in lines:
            print(line)


def _show_coloured(lines: Sequence[tuple[str, str]]) -> None:
    from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)
    from rich.text import Text  # noqa: PLC0415

    for line, style in lines:
        Console().print(Text(line, style=style), soft_wrap=True)


def _verdict(manifest: Manifest, found: dict[tuple[Path, int], list[Finding]]) -> str:
    ids = {finding.id for finding in found.get((manifest.file, manifest.line), [])}
    return ", ".join(sorted(ids)) or "ok"


def _show_table(rows: list[tuple[str, str, str, str]]) -> None:
    from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table("Object", "Place", "Wave", "Result", box=None)
    for subject, place, wave, verdict in rows:
        colour = "green" if verdict == "ok" else "bold red"
        table.add_row(escape(subject), escape(place), wave, f"[{colour}]{verdict}[/]")
    Console().print(table)


def _summary(result: Result) -> str:
    files = len({manifest.file for manifest in result.manifests})
    checked = f"{_counted(len(result.manifests), 'document')} in {_counted(files, 'file')}"
    silenced = f", {len(result.silenced)} silenced" if result.silenced else ""
    found = _counted(len(result.findings), "finding")
    verdict = "gate passed" if result.passed else f"gate failed: {found}"
    return f"{verdict}: {checked}{silenced}"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def as_json(result: Result) -> str:
    """The result as one JSON object: passed, documents, findings, silenced."""
    found = _by_place(result)
    documents = [
        {
            "file": str(m.file),
            "line": m.line,
            "kind": m.kind,
            "namespace": m.namespace,
            "name": m.name,
            "wave": m.stated_wave,
            "findings": sorted({finding.id for finding in found.get((m.file, m.line), [])}),
        }
        for m in result.manifests
    ]
    answer = {
        "passed": result.passed,
        "documents": documents,
        "findings": [_fields(finding) for finding in result.findings],
        "silenced": [{**_fields(s.finding), "reason": s.reason} for s in result.silenced],
    }
    return json.dumps(answer, indent=1)


def _fields(finding: Finding) -> dict[str, str | int]:
    return {**vars(finding), "file": str(finding.file)}


def write_junit(result: Result, target: Path) -> None:
    """Writes a test case for each document, and for each file with findings of its own.

    Raises OpsError if the target cannot be written.
    """
    found = _by_place(result)
    suite = ElementTree.Element("testsuite", name="gate")
    for manifest in result.manifests:
        findings = found.pop((manifest.file, manifest.line), [])
        _add_case(suite, str(manifest), f"{manifest.file}:{manifest.line}", findings)
    for (file, line), findings in found.items():
        _add_case(suite, findings[0].subject, f"{file}:{line}", findings)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in suite)))
    replace(target, ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True))


def _add_case(suite: ElementTree.Element, name: str, place: str, findings: list[Finding]) -> None:
    case = ElementTree.SubElement(suite, "testcase", name=_text(name), classname=_text(place))
    for finding in findings:
        failure = ElementTree.SubElement(case, "failure", type=finding.id)
        failure.set("message", _text(finding.message))
        failure.text = _text(str(finding))


def _text(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
