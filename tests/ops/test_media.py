"""What `ops media copy` runs, and what it refuses to begin."""

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from ops.cluster.client import Cluster
from ops.documents.fleet import App, load
from ops.errors import OpsError
from ops.kinds.config_map import ConfigMap
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.kinds.secret import Secret
from ops.media.copy_job import copying
from ops.objects.base import Object, typed
from railiance import ConfigurationFile, DjangoApp, ObjectStorage
from tests.conftest import rendered
from tests.made_up import NOTIZEN

STORAGE = ObjectStorage(endpoint="https://s3.example.org", bucket="notizen-media", region="eu-1")
MOVING = replace(
    NOTIZEN,
    storage=STORAGE,
    configuration_files=(ConfigurationFile(path="/etc/site.cfg", content="[site]\n"),),
)


class Live:
    """A cluster with the app's claim, files and keys, but for what is left out."""

    def __init__(self, app: App, *without: type[Object]) -> None:
        self.app, self.without = app, without

    def get(self, model: type[Object], name: str, _: str | None = None) -> Object | None:
        if model in self.without:
            return None
        content: dict[str, Any] = {"metadata": {"name": name, "namespace": "notizen"}}
        if model is Secret:
            value = base64.b64encode(b"unused").decode()
            content["data"] = dict.fromkeys(self.app.secret_keys[name], value)
        if model is ConfigMap:
            content["data"] = dict(self.app.typed(ConfigMap).data)
        return typed(model, content)


def rendering(app: DjangoApp, folder: Path) -> App:
    return load(rendered([app], folder)).app("notizen")


def job(app: App, *without: type[Object]) -> dict[str, Any]:
    return dict(copying(cast("Cluster", Live(app, *without)), app))


def test_copy_runs_as_the_web_pods_do_and_cannot_write_the_volume(tmp_path: Path) -> None:
    app = rendering(MOVING, tmp_path)
    made = job(app)
    pod, web = made["spec"]["template"]["spec"], app.web.manifest.content["spec"]["template"]
    (container,), (served,) = pod["containers"], web["spec"]["containers"]
    same = ("image", "env", "securityContext")
    assert [container[field] for field in same] == [served[field] for field in same]
    assert container["command"][-1] == "/srv/media"
    mounts = {mount["name"]: mount.get("readOnly", False) for mount in container["volumeMounts"]}
    assert mounts["media"] is True
    assert "initContainers" not in pod
    assert "ports" not in container
    # No Service selects it, and Argo CD does not take it for its own.
    assert made["spec"]["template"]["metadata"]["labels"] != web["metadata"]["labels"]
    assert not [name for name in made["metadata"]["annotations"] if "argocd" in name]


@pytest.mark.parametrize(
    ("changes", "without", "message"),
    [
        ({"storage": None}, (), "no bucket is rendered; declare storage="),
        ({"media": None}, (), "no media volume is rendered; keep `media` declared"),
        ({}, (PersistentVolumeClaim,), "no PersistentVolumeClaim notizen/notizen-media"),
        ({}, (Secret,), "lacks AWS_S3_ACCESS_KEY_ID, AWS_S3_SECRET_ACCESS_KEY, "),
        ({}, (ConfigMap,), "ConfigMap notizen/notizen-files is not on the cluster as rendered"),
    ],
    ids=["no bucket", "no volume", "no claim", "no keys", "no files"],
)
def test_copy_is_refused_that_could_not_begin(
    tmp_path: Path, changes: dict[str, Any], without: tuple[type[Object], ...], message: str
) -> None:
    app = rendering(replace(MOVING, **changes), tmp_path)
    with pytest.raises(OpsError) as refused:
        job(app, *without)
    assert message in str(refused.value)
