"""The digest of an app's encrypted Secrets in its pods: what rolls them when a secret changes."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from railiance.errors import InputError
from tests.conftest import rendered
from tests.made_up import NOTIZEN, PLAIN

TEXT = b"ciphertext\n"


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "notizen.sops.yaml").write_bytes(TEXT)
    return folder


def pods(folder: Path, app: str) -> dict[str, Any]:
    with (folder / f"dist/{app}.k8s.yaml").open() as stream:
        return {
            document["kind"]: document["spec"]["template"]["metadata"].get("annotations")
            for document in yaml.load_all(stream, yaml.CSafeLoader)
            if document["kind"] in ("Deployment", "Job")
        }


def test_pods_carry_the_digest_of_their_own_file(tmp_path: Path, secrets: Path) -> None:
    folder = rendered([NOTIZEN, PLAIN], tmp_path, secrets)
    digest = {"railiance.io/secrets-digest": f"sha256:{hashlib.sha256(TEXT).hexdigest()}"}
    assert pods(folder, "notizen") == {"Deployment": digest, "Job": digest}
    assert pods(folder, "plain") == {"Deployment": None, "Job": None}


def test_without_a_folder_of_secrets_nothing_is_rendered(tmp_path: Path) -> None:
    folder = rendered([NOTIZEN], tmp_path, tmp_path / "secrets")
    assert pods(folder, "notizen") == {"Deployment": None, "Job": None}


def test_file_that_cannot_be_read_is_named(tmp_path: Path, secrets: Path) -> None:
    (secrets / "plain.sops.yaml").mkdir()
    with pytest.raises(InputError, match=r"cannot read .*plain\.sops\.yaml: Is a directory"):
        rendered([PLAIN], tmp_path, secrets)
