"""A bucket is declared whole or refused, and reaches every pod of the app."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from railiance import DeclarationError, DjangoApp, ObjectStorage, StorageNames, Valkey, Worker
from tests.conftest import rendered
from tests.made_up import NOTIZEN

GIVEN = {"endpoint": "https://s3.example.org", "bucket": "notizen-media", "region": "eu-1"}


def storage(**changes: Any) -> ObjectStorage:
    return ObjectStorage(**GIVEN | changes)


def app(names: StorageNames | None = None, **changes: Any) -> DjangoApp:
    declared = storage(names=names or StorageNames())
    return dataclasses.replace(NOTIZEN, **{"storage": declared, **changes})


BAD: dict[str, tuple[Any, str]] = {
    "endpoint without encryption": (
        lambda: storage(endpoint="http://s3.example.org"),
        "ObjectStorage.endpoint: 'http://s3.example.org' is not encrypted; write 'https://s3.",
    ),
    "endpoint with credentials": (
        lambda: storage(endpoint="https://key:geheim@s3.example.org"),
        "ObjectStorage.endpoint: holds credentials; give the address alone",
    ),
    "endpoint with a user": (lambda: storage(endpoint="https://key@a.de"), "holds credentials"),
    "endpoint without a scheme": (lambda: storage(endpoint="a.de"), "'a.de' is not an endpoint"),
    "endpoint with a query": (lambda: storage(endpoint="https://a.de?x"), "is not an endpoint"),
    "endpoint with capitals": (lambda: storage(endpoint="https://A.de"), "is not an endpoint"),
    "endpoint without a host": (lambda: storage(endpoint="https://:9000"), "is not an endpoint"),
    "endpoint with the bucket as its host": (
        lambda: storage(endpoint="https://notizen-media.s3.example.org"),
        "names the bucket; give it without",
    ),
    "endpoint with the bucket as its path": (
        lambda: storage(endpoint="https://s3.example.org/notizen-media/"),
        "names the bucket; give it without",
    ),
    "bucket of two characters": (lambda: storage(bucket="ab"), "'ab' is not a bucket name"),
    "bucket of 64 characters": (lambda: storage(bucket="a" * 64), "give 3 to 63 of a-z"),
    "bucket with a capital": (lambda: storage(bucket="Media"), "'Media' is not a bucket name"),
    "bucket with an underscore": (lambda: storage(bucket="a_media"), "is not a bucket name"),
    "bucket that ends in a hyphen": (lambda: storage(bucket="media-"), "is not a bucket name"),
    "bucket with two dots": (lambda: storage(bucket="a..media"), "is not a bucket name"),
    "bucket with a path": (lambda: storage(bucket="media/a"), "is not a bucket name"),
    "bucket as an address": (lambda: storage(bucket="10.0.0.1"), "looks like an address"),
    "bucket that begins as S3's own": (lambda: storage(bucket="xn--media"), "reserved by S3"),
    "bucket that ends as S3's own": (lambda: storage(bucket="media--x-s3"), "reserved by S3"),
    "region with a blank": (lambda: storage(region="eu 1"), "'eu 1' is not a region"),
    "no region": (lambda: storage(region=""), "'' is not a region"),
    "no bucket": (
        lambda: ObjectStorage(endpoint="https://a.de", region="eu-1"),  # type: ignore[call-arg]
        "ObjectStorage.bucket: missing; give bucket=…",
    ),
    "variable in lower case": (
        lambda: StorageNames(bucket="bucket"),
        "StorageNames.bucket: 'bucket' is not an environment variable",
    ),
    "one variable for two values": (
        lambda: StorageNames(endpoint="S3", bucket="S3"),
        "two values have the variable 'S3'; give each its own",
    ),
    "readable variable named like a secret": (
        lambda: StorageNames(region="SECRET_REGION"),
        "'SECRET_REGION' is rendered readable, but named like a secret",
    ),
    "variable of another setting": (
        lambda: app(StorageNames(bucket="ALLOWED_HOSTS")),
        "two settings have the variable 'ALLOWED_HOSTS'; give each its own",
    ),
    "variable that the environment sets": (
        lambda: app(environment={"AWS_S3_REGION_NAME": "eu-2"}),
        "environment sets 'AWS_S3_REGION_NAME', which is set already",
    ),
    "key that the environment sets": (
        lambda: app(StorageNames(access_key="S3_USER"), environment={"S3_USER": "readable"}),
        "environment sets 'S3_USER', which is set already",
    ),
    "bucket among the secrets": (
        lambda: app(secret_keys=("SECRET_KEY", "DATABASE_URL", "AWS_STORAGE_BUCKET_NAME")),
        "secret_keys names 'AWS_STORAGE_BUCKET_NAME', which is not secret",
    ),
    "key with the variable of SECRET_KEY": (
        lambda: app(StorageNames(secret_key="SECRET_KEY")),
        "storage names 'SECRET_KEY', which holds another secret",
    ),
    "key with the variable of Valkey's password": (
        lambda: app(
            StorageNames(secret_key="SHARED"),
            valkey=Valkey(host="VALKEY_HOST", password="SHARED"),
        ),
        "storage names 'SHARED', which holds another secret",
    ),
}


@pytest.mark.parametrize(("declare", "message"), BAD.values(), ids=BAD)
def test_wrong_bucket_is_refused_when_declared(declare: Any, message: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(message)) as refused:
        declare()
    assert "geheim" not in str(refused.value)


def test_every_pod_gets_the_bucket_and_its_keys_from_the_secret(tmp_path: Path) -> None:
    names = StorageNames(access_key="S3_USER", secret_key="S3_KEY")
    worker = Worker(name="worker", command=("work",))
    rendered([app(names, workers=(worker,))], tmp_path)
    documents = list(yaml.safe_load_all((tmp_path / "dist/notizen.k8s.yaml").read_text()))
    (namespace,) = (each for each in documents if each["kind"] == "Namespace")
    stated = json.loads(namespace["metadata"]["annotations"]["app.railiance.io/storage"])
    assert StorageNames(**stated) == names

    templates = [d["spec"]["template"] for d in documents if d["kind"] in ("Deployment", "Job")]
    assert len(templates) == 3
    for template in templates:
        for container in template["spec"]["containers"]:
            given = {each.pop("name"): each for each in container["env"]}
            assert [given[name]["value"] for name in names.plain] == list(GIVEN.values())
            for name in names.secret:
                key = given[name]["valueFrom"]["secretKeyRef"]
                assert key == {"name": "notizen-env", "key": name}
