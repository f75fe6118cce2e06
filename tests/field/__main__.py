"""Runs cases from the field and prints which of them get the right answer.

`python -m tests.field FOLDER [NUMBER…]`: FOLDER holds one folder a case, with a `run.sh` that is
run from this checkout after `make setup`. Exit code 1 if an answer is wrong.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.field.answers import ANSWERS

MOVED = {
    "constructs/railiance/parts/deployment.py": "constructs/railiance/parts/web_deployment.py",
    "s = N(app=N(image={reference!r}, name='vergabe-teilnahme'))": "s = N()",
}
"""What has moved since the cases were written."""
SECONDS = 300


def output_of(case: Path, shared: Path) -> str:
    """What a case's script prints; its text, with today's paths, is run beside what it shares."""
    with tempfile.TemporaryDirectory() as folder:
        cases = Path(folder) / "cases"
        cases.mkdir()
        for file in shared.iterdir():
            if file.is_file():
                shutil.copy(file, cases)
        shutil.copytree(case, cases / case.name)
        script = cases / case.name / "run.sh"
        text = script.read_text()
        for old, new in MOVED.items():
            text = text.replace(old, new)
        script.write_text(text)
        ran = subprocess.run(
            ("bash", script),  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        return ran.stdout + ran.stderr


def wrong_in(output: str, number: str) -> list[str]:
    """What an output lacks, or says and must not."""
    answer = ANSWERS[number]
    missing = [f"lacks {says}" for says in answer.says if not re.search(says, output)]
    return missing + [f"says {said}" for said in answer.never if re.search(said, output)]


def main(folder: Path, numbers: list[str]) -> int:
    """Runs the cases, and prints a line for each."""
    table = Table("case", "answer", "what is wrong")
    failures = 0
    for case in sorted(path for path in folder.iterdir() if (path / "run.sh").exists()):
        number = case.name.partition("-")[0]
        if number not in ANSWERS or (numbers and number not in numbers):
            continue
        print(f"{case.name} …", file=sys.stderr)
        wrong = wrong_in(output_of(case, folder), number)
        failures += bool(wrong)
        table.add_row(case.name, "wrong" if wrong else "right", "; ".join(wrong))
    Console().print(table)
    return 1 if failures else 0


if __name__ == "__main__":
    if not sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
