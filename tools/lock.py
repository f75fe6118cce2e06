"""Removes the package index URL from Pipfile.lock.

pipenv writes the URL of the index that it used into the lock file. Hashes already pin every file,
so without the URL the lock is as strict and works with any index that pip is configured for.
"""

import json
import os
from pathlib import Path

LOCK_FILE = Path("Pipfile.lock")


def without_index(lock: dict[str, dict[str, dict[str, object]]]) -> dict[str, object]:
    """The same lock without index URLs."""
    packages = {
        section: {
            name: {key: value for key, value in pin.items() if key != "index"}
            for name, pin in pins.items()
        }
        for section, pins in lock.items()
        if section != "_meta"
    }
    return {"_meta": {**lock["_meta"], "sources": []}, **packages}


def main() -> None:
    """Rewrites Pipfile.lock atomically."""
    beside = LOCK_FILE.with_suffix(".new")
    beside.write_text(json.dumps(without_index(json.loads(LOCK_FILE.read_text())), indent=4) + "\n")
    os.replace(beside, LOCK_FILE)


if __name__ == "__main__":
    main()
