"""An app with a bucket, and the S3 service that has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from box.platform.object_store import REGION
from railiance import ObjectStorage
from tests import frozen
from tests.conftest import rendered

if TYPE_CHECKING:
    from pathlib import Path

    from box.platform.object_store import ObjectStore

BUCKET = "vergabe-media"
ACCESS, SECRET = "AWS_S3_ACCESS_KEY_ID", "AWS_S3_SECRET_ACCESS_KEY"


def declared(store: ObjectStore, **changes: str) -> ObjectStorage:
    """The bucket as an app declares it."""
    given = {"endpoint": store.local_endpoint, "bucket": BUCKET, "region": REGION}
    return ObjectStorage(**given | changes)  # type: ignore[arg-type]


def with_bucket(storage: ObjectStorage, folder: Path) -> Path:
    """dist/ and argocd/ of the frozen app with this bucket."""
    folder.mkdir()
    return rendered([replace(frozen.VERGABE_TEILNAHME, storage=storage)], folder)
