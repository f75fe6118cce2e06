"""Builds the images of other people's apps: ``python -m box.images.others``."""

import sys

from box.images.others import table
from box.progress import Progress
from ops.errors import OpsError


def main() -> int:
    """Build missing and outdated images, and print each image with its digest."""
    try:
        references = table.make_all(Progress())
    except OpsError as error:
        print(f"box: {error}", file=sys.stderr)
        return 1
    for reference in references.values():
        print(reference)
    return 0


if __name__ == "__main__":
    sys.exit(main())
