"""Renders dist/ and argocd/: `make synth`, or `cdk8s synth`."""

import argparse
import signal
import sys
from pathlib import Path

import compiled

ROOT = Path(__file__).resolve().parent
compiled.drop_outdated((compiled.RAILIANCE, ROOT / "apps"))

from railiance.errors import described  # noqa: E402 (after outdated code is removed)
from railiance.synth import synthesize_repository  # noqa: E402


def main() -> int:
    """Renders the changed apps; returns 0, or 1 with an error on standard error."""
    parser = argparse.ArgumentParser(description="Render dist/ and argocd/ from apps/.")
    parser.add_argument("target", nargs="?", type=Path, default=ROOT, help="output folder")
    parser.add_argument("--all", action="store_true", help="render unchanged apps too")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from railiance.railiance01 import RAILIANCE01  # noqa: PLC0415 (checked when imported)

        synthesize_repository(ROOT, RAILIANCE01, given.target, everything=given.all)
    except KeyboardInterrupt:
        print("interrupted; dist/ and argocd/ are unchanged", file=sys.stderr)
        return 130
    except Exception as error:  # noqa: BLE001 (a declaration may raise anything)
        print(f"error: {described(error, ROOT / 'apps')}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
