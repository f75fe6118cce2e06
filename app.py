"""Renders dist/ and argocd/: `make synth`, or `cdk8s synth`.

`python app.py FOLDER` renders them into another folder.
"""

import sys
from pathlib import Path

from railiance.errors import described

ROOT = Path(__file__).resolve().parent


def main() -> int:
    """Renders every app; 0, or 1 with a sentence on standard error."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    try:
        from apps import APPS  # noqa: PLC0415 (a declaration is checked when it is imported)
        from railiance.railiance01 import RAILIANCE01  # noqa: PLC0415
        from railiance.synth import synthesize  # noqa: PLC0415

        synthesize(APPS, RAILIANCE01, target)
    except Exception as error:  # noqa: BLE001 (a declaration may be wrong in any way)
        print(f"error: {described(error, ROOT / 'apps')}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
