"""Rehearsals 74 and 75: a bucket of a real S3 service, from the preflight to the copied uploads."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from box.certificates import Authority
from box.platform.object_store import REGION, ObjectStore
from ops.media.copy_job import PROGRAM
from tests.e2e.rehearsal import APP, Rehearsal
from tests.e2e.storage import ACCESS, BUCKET, SECRET, declared, with_bucket
from tests.e2e.tool import Tool
from tests.standin import installed

if TYPE_CHECKING:
    from box.lifecycle import Box
    from ops.objects.base import Document
    from tests.runner import Answer

NAME = f"{APP}-env"
ELSEWHERE = "https://127.0.0.1:{port}"


@pytest.fixture
def store(box: Box) -> ObjectStore:
    """The S3 service of the box, with the app's bucket in it, empty."""
    made = ObjectStore(box)
    shutil.rmtree(made.buckets / BUCKET, ignore_errors=True)
    made.start(BUCKET)
    return made


@dataclass
class Preflight:
    """The line `storage` of `ops preflight`, and the Secret that it reads."""

    rehearsal: Rehearsal
    store: ObjectStore
    tool: Tool

    def give(self, **keys: str) -> None:
        """Have these keys in the app's Secret, and otherwise those that are right."""
        right = {ACCESS: self.store.keys.access_key, SECRET: self.store.keys.secret_key}
        data = {k: base64.b64encode(v.encode()).decode() for k, v in (right | keys).items()}
        metadata = {"name": NAME, "namespace": APP}
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata}
        self.rehearsal.cluster.delete(secret)
        self.rehearsal.cluster.create({**secret, "data": data})

    def line(self, folder: Path | None = None, **variables: str) -> Document:
        """The line; whatever it says, it shows no key and leaves no object."""
        tool = replace(self.tool, folder=folder or self.tool.folder)
        said = replace(tool, variables={**tool.variables, **variables})
        line: Document = said.lines("preflight", "results")[1]["storage"]
        keys = self.store.keys
        assert not [k for k in (keys.access_key, keys.secret_key, "wrong") if k in str(line)], line
        assert self.store.objects(BUCKET) == {}
        return line

    def fails(self, *words: str, folder: Path | None = None, **variables: str) -> None:
        """The line is failed in these words, with a fix."""
        line = self.line(folder, **variables)
        assert line["state"] == "failed", line
        assert not [word for word in words if word not in line["evidence"]], line["evidence"]
        assert line["fix"], line


@pytest.fixture
def preflight(rehearsal: Rehearsal, store: ObjectStore, tmp_path: Path) -> Preflight:
    rehearsal.cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": APP}})
    trusted = {"SSL_CERT_FILE": str(store.box.layout.authority.pair.certificate)}
    folder = with_bucket(declared(store), tmp_path / "right")
    tool = Tool(rehearsal.box.kubeconfig, folder, variables=trusted)
    return Preflight(rehearsal, store, tool)


@pytest.mark.rehearsal(74, "preflight: a bucket that can be used, and what keeps one from it")
def test_preflight_uses_the_bucket(preflight: Preflight, tmp_path: Path) -> None:
    line = preflight.line()
    assert (line["state"], line["stops_a_deploy"]) == ("unknown", False)
    assert f"{APP}/{NAME}" in line["evidence"]
    assert "ops secrets apply" in line["fix"]

    preflight.give()
    assert preflight.line()["state"] == "ok"
    wrong_keys(preflight)
    wrong_places(preflight, tmp_path)

    other = Authority(tmp_path)
    other.create()
    preflight.fails("not trusted", SSL_CERT_FILE=str(other.pair.certificate))
    assert preflight.line()["state"] == "ok"


def wrong_keys(preflight: Preflight) -> None:
    preflight.give(**{ACCESS: "wrong"})
    preflight.fails("does not know the access key", ACCESS)
    preflight.give(**{SECRET: "wrong"})
    preflight.fails("refuses the secret key", SECRET)
    preflight.give(**{ACCESS: "wrong\n"})
    preflight.fails("a line break", ACCESS)
    preflight.give()


def wrong_places(preflight: Preflight, folder: Path) -> None:
    """What is declared is not there, or not that."""
    store, ports = preflight.store, preflight.store.box.layout.ports
    cases = (
        ({"bucket": "other-media"}, ("no bucket other-media",)),
        ({"region": "elsewhere-1"}, ("not in the region elsewhere-1",)),
        ({"endpoint": ELSEWHERE.format(port=1)}, ("refuses connections",)),
        ({"endpoint": "https://s3.nowhere.invalid"}, ("its name is unknown",)),
        ({"endpoint": ELSEWHERE.format(port=ports["redis"])}, ("does not speak TLS",)),
        ({"endpoint": ELSEWHERE.format(port=ports["kube-apiserver"])}, ("cannot read from",)),
    )
    for number, (changes, words) in enumerate(cases):
        rendered = with_bucket(declared(store, **changes), folder / str(number))
        preflight.fails(*words, folder=rendered)


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """A folder as a media volume has it."""
    folder = tmp_path / "media"
    (folder / "2026/Anlagen").mkdir(parents=True)
    (folder / "lost+found").mkdir()
    (folder / "lost+found/1").write_text("not an upload")
    (folder / "plan.txt").write_text("first")
    (folder / "2026/Anlagen/Größe 1.bin").write_bytes(os.urandom(3 * 2**20))
    (folder / "2026/empty").touch()
    return folder


@pytest.mark.rehearsal(75, "uploads are copied to the bucket, again, and newer ones are kept")
def test_uploads_are_copied_without_loss(store: ObjectStore, uploads: Path) -> None:
    wanted = {"2026/Anlagen/Größe 1.bin", "2026/empty", "plan.txt"}
    answer = copied(store, uploads)
    assert "3 copied" in answer.stdout
    assert "3 of 3 files have the same checksum" in answer.stdout
    assert {key: len(content) for key, content in store.objects(BUCKET).items()} == {
        key: (uploads / key).stat().st_size for key in wanted
    }

    (uploads / "late.txt").write_text("while the pods were replaced")
    (uploads / "plan.txt").write_text("second")
    answer = copied(store, uploads)
    assert "1 copied, 1 replaced by a newer file, 2 already there" in answer.stdout
    assert store.objects(BUCKET)["plan.txt"] == b"second"

    os.utime(uploads / "plan.txt", (0, 0))
    (store.buckets / BUCKET / "plan.txt").write_text("third, by the pods that use the bucket")
    answer = copied(store, uploads)
    assert "newer in the bucket: plan.txt" in answer.stdout
    assert "3 of 4 files have the same checksum" in answer.stdout
    assert store.objects(BUCKET)["plan.txt"].startswith(b"third")


@pytest.mark.rehearsal(75, "nothing is copied by an app whose settings do not use the bucket")
def test_app_without_the_bucket_in_its_settings_copies_nothing(
    store: ObjectStore, uploads: Path
) -> None:
    answer = copied(store, uploads, code=1, AWS_STORAGE_BUCKET_NAME="")
    assert "store uploads in a folder, not in a bucket" in answer.stderr


def copied(store: ObjectStore, folder: Path, code: int = 0, **variables: str) -> Answer:
    """What the program of `ops media copy` says, with the stand-in's settings."""
    keys = {ACCESS: store.keys.access_key, SECRET: store.keys.secret_key}
    answer = subprocess.run(
        [installed.PYTHON, "-c", PROGRAM.read_text(), folder],
        cwd=installed.APP,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "vergabe_teilnahme.settings.prod",
            "SECRET_KEY": "unused",
            "DATABASE_URL": "postgres://unused",
            "ALLOWED_HOSTS": "unused",
            "CSRF_TRUSTED_ORIGINS": "https://unused",
            "AWS_CA_BUNDLE": str(store.box.layout.authority.pair.certificate),
            "AWS_S3_ENDPOINT_URL": store.local_endpoint,
            "AWS_STORAGE_BUCKET_NAME": BUCKET,
            "AWS_S3_REGION_NAME": REGION,
            "NO_PROXY": "127.0.0.1",
            **keys,
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == code, answer.stdout + answer.stderr
    assert not [key for key in keys.values() if key in answer.stdout + answer.stderr]
    return answer
