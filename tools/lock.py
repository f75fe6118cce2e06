"""Takes the package index's address out of Pipfile.lock.

pipenv writes the address of the index it asked into the lock file. Hashes already pin every
file, so the lock stays as strict without it and works with whatever index pip is configured for.
"""

import json
import os
from pathlib import Path

LOCK_FILE = Path("Pipfile.lock")


def without_index(lock: dict[str, dict[str, dict[str, object]]]) -> dict[str, object]:
    """The same lock, naming no index."""
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
    """Rewrites Pipfile.lock in place, beside and renamed."""
    beside = LOCK_FILE.with_suffix(".new")
    beside.write_text(json.dumps(without_index(json.loads(LOCK_FILE.read_text())), indent=4) + "\n")
    os.replace(beside, LOCK_FILE)


if __name__ == "__main__":
    main()
