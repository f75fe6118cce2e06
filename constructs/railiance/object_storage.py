"""The declaration of a bucket for an app's media, and the variables that hold it."""

import json
import re
from typing import Annotated

from railiance import checks
from railiance.declaration import declaration
from railiance.json_object import json_object
from railiance.plaintext import looks_secret, names_secret

Variable = Annotated[str, checks.environment_name]

_ENDPOINT = re.compile(r"https://([^/?#:]+)(:[0-9]{1,5})?((/[A-Za-z0-9._~-]+)*)/?")
_BUCKET = re.compile(r"[a-z0-9]([a-z0-9.-]{1,61})[a-z0-9]")
_RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def endpoint(value: str) -> None:
    """The https address of an S3 service, without credentials; the message repeats none."""
    if "@" in value or looks_secret(value):
        raise ValueError("holds credentials; give the address alone, the keys are secrets")
    if value.startswith("http://"):
        raise ValueError(f"{value!r} is not encrypted; write 'https://{value[7:]}'")
    found = _ENDPOINT.fullmatch(value)
    if not found or not _HOST.fullmatch(found[1]):
        raise ValueError(f"{value!r} is not an endpoint; give one like 'https://s3.example.org'")


def bucket(value: str) -> None:
    """The name of a bucket. Source: Amazon S3, "Bucket naming rules"."""
    if not _BUCKET.fullmatch(value) or ".." in value:
        raise ValueError(
            f"{value!r} is not a bucket name; give 3 to 63 of a-z, 0-9, inner hyphens and dots"
        )
    if re.fullmatch(r"[0-9]+(\.[0-9]+){3}", value):
        raise ValueError(f"{value!r} looks like an address, which no bucket may; give another name")
    if value.startswith(_RESERVED_PREFIXES) or value.endswith(_RESERVED_SUFFIXES):
        raise ValueError(f"{value!r} begins or ends as names reserved by S3; give another name")


region = checks.pattern(
    r"[a-z0-9]+(-[a-z0-9]+)*",
    "is not a region; give the service's name for it, like 'eu-central-1'",
)


@declaration
class StorageNames:
    """The variables in which an app expects its bucket.

    Defaults: the names of django-storages' settings for S3.
    Source: django-storages, "Amazon S3".
    """

    endpoint: Variable = "AWS_S3_ENDPOINT_URL"
    """The address of the S3 service."""
    bucket: Variable = "AWS_STORAGE_BUCKET_NAME"
    """The bucket."""
    region: Variable = "AWS_S3_REGION_NAME"
    """The region, with which requests are signed."""
    access_key: Variable = "AWS_S3_ACCESS_KEY_ID"
    """The access key ID; a key of the app's Secret."""
    secret_key: Variable = "AWS_S3_SECRET_ACCESS_KEY"  # noqa: S105 (the name of a variable)
    """The secret access key; a key of the app's Secret."""

    def validate(self) -> None:
        """Each value has a variable of its own, and none is readable under a secret's name."""
        names = list(vars(self).values())
        if repeated := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"two values have the variable {repeated[0]!r}; give each its own")
        for name in self.plain:
            if names_secret(name):
                raise ValueError(f"{name!r} is rendered readable, but named like a secret; rename")

    @property
    def plain(self) -> tuple[str, str, str]:
        """The variables with a plain value."""
        return self.endpoint, self.bucket, self.region

    @property
    def secret(self) -> tuple[str, str]:
        """The variables that come from the app's Secret."""
        return self.access_key, self.secret_key

    def as_json(self) -> str:
        """The names as JSON."""
        return json.dumps(vars(self))

    @classmethod
    def from_json(cls, text: str) -> "StorageNames":
        """The names from `as_json`'s text; ValueError if it is not valid."""
        return cls(**json_object(json.loads(text)))


@declaration
class ObjectStorage:
    """A bucket of an S3 service for the app's uploads.

    Pods get endpoint, bucket and region as plain settings, and the two keys from the Secret
    `<name>-env`; `ops secrets init` asks for them. The app's settings must use them. The bucket and
    its keys are made elsewhere; the keys should reach this bucket alone.
    """

    endpoint: Annotated[str, endpoint]
    """The https address of the service, without the bucket; the platform must trust its
    certificate."""
    bucket: Annotated[str, bucket]
    """The bucket, for this app alone."""
    region: Annotated[str, region]
    """The region, as the service calls it; services without regions take us-east-1 or auto."""
    names: StorageNames = StorageNames()
    """The variables in which the app expects these values and the keys."""

    def validate(self) -> None:
        """The app's S3 client adds the bucket to the endpoint by itself."""
        host = self.endpoint.removeprefix("https://")
        if host.startswith(f"{self.bucket}.") or host.rstrip("/").endswith(f"/{self.bucket}"):
            raise ValueError(f"endpoint {self.endpoint!r} names the bucket; give it without")

    @property
    def plain(self) -> dict[str, str]:
        """The plain settings, by the names of their variables."""
        values = (self.endpoint, self.bucket, self.region)
        return dict(zip(self.names.plain, values, strict=True))
