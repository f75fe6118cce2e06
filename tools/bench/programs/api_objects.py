"""The same documents as cdk8s has it: a construct for each, here the plainest one there is.

It shows what the synthesizer saves by handing over a whole chart at once.
"""

import sys
from pathlib import Path

import cdk8s

from tools.bench import made_up

EXTENSIONS = {"dist": ".k8s.yaml", "argocd": ".yaml"}


def write(count: int, folder: Path) -> None:
    """Writes dist/ and argocd/ below the folder, a cdk8s app each."""
    apps = {
        name: cdk8s.App(outdir=str(folder / name), output_file_extension=extension)
        for name, extension in EXTENSIONS.items()
    }
    for path, documents in made_up.files(count):
        name = path.name.removesuffix(EXTENSIONS[path.parent.name])
        chart = cdk8s.Chart(apps[path.parent.name], name)
        for number, document in enumerate(documents):
            api_object = cdk8s.ApiObject(
                chart, str(number), api_version=document["apiVersion"], kind=document["kind"]
            )
            api_object.add_json_patch(cdk8s.JsonPatch.replace("", document))
    for app in apps.values():
        app.synth()


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
