"""`ops gate`."""

import gc
import sys
from pathlib import Path

import click

from ops.verbs.given_path import GivenPath


@click.command("gate")
@click.argument("paths", nargs=-1, type=GivenPath())
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--junit", type=GivenPath(dir_okay=False), help="Write JUnit XML to this file.")
@click.option(
    "--reference", is_flag=True, help="Print the reference page of all checks; check nothing."
)
def command(paths: tuple[Path, ...], junit: Path | None, *, as_json: bool, reference: bool) -> None:
    """Check rendered YAML offline: schemas, policy and order.

    Without PATHS, the repository: dist/ and argocd/, whether they are what the code renders, and
    whether any file holds a secret. With PATHS, the manifests at or below them.

    Exit code 0 if nothing is wrong, 1 if something is, 2 for wrong usage.
    """
    from ops.gate import checks_page as reference_page
    from ops.gate import inspection, report

    if reference:
        print(reference_page.page(), end="")
        return
    chosen = paths or (Path("dist"), Path("argocd"))
    gc.disable()  # everything read is kept until the end; looking for garbage costs a tenth
    result = inspection.run(chosen, Path(), whole_repository=not paths)
    if junit:
        report.write_junit(result, junit)
    if as_json:
        print(report.as_json(result))
    else:
        report.show(result)
    sys.exit(0 if result.passed else 1)
