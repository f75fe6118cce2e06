"""A bucket, asked with the client that Django apps ask theirs with: botocore, as django-storages.

No message holds a key or what the service says in its own words: only the code of its answer.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from ops.errors import OpsError
from railiance.object_storage import ObjectStorage

CONNECT_SECONDS, READ_SECONDS = 5, 15
NO_OBJECT, NO_PERMISSION = "NoSuchKey", "AccessDenied"
GIVE_AGAIN = (
    "`ops secrets rotate KEY --app NAME` for both keys, then `ops secrets apply --app NAME`"
)
WRONG_REGION = (
    "AuthorizationHeaderMalformed",
    "PermanentRedirect",
    "IllegalLocationConstraintException",
)
Refusal = tuple[tuple[str, ...], str, str]
REFUSALS: tuple[Refusal, ...] = (
    ((NO_OBJECT,), "{where} has no such object", ""),
    (
        ("NoSuchBucket",),
        "there is no {where}",
        "create it there, or declare the right bucket and endpoint",
    ),
    (
        ("InvalidAccessKeyId", "InvalidClientTokenId", "XAdminUserNotFound"),
        "{endpoint} does not know the access key in {access_key}",
        GIVE_AGAIN,
    ),
    (
        ("SignatureDoesNotMatch",),
        "{endpoint} refuses the secret key in {secret_key}",
        GIVE_AGAIN,
    ),
    (
        WRONG_REGION,
        "{where} is not in the region {region}",
        "declare the region that the service states",
    ),
    (
        ("RequestTimeTooSkewed",),
        "{endpoint} has another time than this machine",
        "set the clock of this machine",
    ),
    (
        (NO_PERMISSION, "AllAccessDisabled"),
        "the keys may not {verb} {where}",
        "have the service allow them to read, write and delete objects there",
    ),
)
"""Codes of answers, what they mean, and the fix.

Source: Amazon S3, "Error responses"; versitygw 1.8 says XAdminUserNotFound.
"""


class BucketError(OpsError):
    """A bucket cannot be used as asked; ``fix`` says what helps."""

    def __init__(self, problem: str, fix: str, *, code: str = "") -> None:
        super().__init__(problem)
        self.fix, self.code = fix, code


@dataclass(frozen=True)
class Bucket:
    """A bucket with the keys to it.

    Proxy and authorities are those of the environment (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE);
    ~/.aws is not read. Whatever it refuses or cannot answer is a BucketError.
    """

    place: ObjectStorage
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)

    def read(self, key: str) -> bytes:
        """The content of an object; BucketError with the code NoSuchKey if there is none."""
        with self._asking("read from") as client:
            return bytes(client.get_object(Bucket=self.place.bucket, Key=key)["Body"].read())

    def write(self, key: str, content: bytes) -> None:
        """Put an object into the bucket."""
        with self._asking("write to") as client:
            client.put_object(Bucket=self.place.bucket, Key=key, Body=content)

    def delete(self, key: str) -> None:
        """Delete an object; one that is not there is fine."""
        with self._asking("delete from") as client:
            client.delete_object(Bucket=self.place.bucket, Key=key)

    @contextmanager
    def _asking(self, verb: str) -> Iterator[Any]:
        """A client; what fails becomes a BucketError."""
        try:
            yield self._client()
        except ClientError as error:
            raise self._refusal(str(error.response.get("Error", {}).get("Code")), verb) from None
        except (BotoCoreError, OSError, ValueError) as error:
            raise self._failure(error) from None

    def _client(self) -> Any:
        session = botocore.session.Session()
        for name in ("config_file", "credentials_file"):
            session.set_config_variable(name, os.devnull)
        client = session.create_client(
            "s3",
            endpoint_url=self.place.endpoint,
            region_name=self.place.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            verify=os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile,
            config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": 1},
            ),
        )
        client.meta.events.register_first("needs-retry.s3", _stay_in_region)
        return client

    def _refusal(self, code: str, verb: str) -> BucketError:
        """What the code of an answer means."""
        place = self.place
        where = f"bucket {place.bucket} at {place.endpoint}"
        for codes, problem, fix in REFUSALS:
            if code in codes:
                said = problem.format(where=where, verb=verb, **vars(place.names) | vars(place))
                return BucketError(said, fix, code=code)
        # What is no S3 service may answer anything.
        known = code if re.fullmatch(r"[A-Za-z]{1,60}|[0-9]{3}", code) else "no code of S3"
        problem = f"cannot {verb} {where}: it answers {known}"
        return BucketError(problem, "check the endpoint: is it an S3 service?", code=code)

    def _failure(self, error: Exception) -> BucketError:
        """Why no answer came; the error itself may quote a key."""
        endpoint, causes = self.place.endpoint, list(_causes(error))
        for kind, (problem, fix) in FAILURES.items():
            for cause in causes:
                if isinstance(cause, kind):
                    said = getattr(cause, "verify_message", "")
                    return BucketError(f"{endpoint} {problem}{said}", fix)
        fix = "check the endpoint, HTTPS_PROXY and SSL_CERT_FILE, or try again"
        return BucketError(f"{endpoint} does not answer: {type(error).__name__}", fix)


FAILURES: dict[type[BaseException], tuple[str, str]] = {
    socket.gaierror: ("has no address: its name is unknown", "declare the right endpoint, or DNS"),
    ssl.SSLCertVerificationError: (
        "has a certificate that is not trusted: ",
        "have the service use a certificate that browsers trust; pods would refuse it as well",
    ),
    ssl.SSLError: ("does not speak TLS", "declare the right endpoint"),
    ConnectionRefusedError: ("refuses connections", "start the service, or fix the endpoint"),
    TimeoutError: (
        f"does not connect within {CONNECT_SECONDS} s or answer within {READ_SECONDS} s",
        "check the network and the service",
    ),
}
"""The meaning of an error in the chain of causes; the more specific ones first."""


def _stay_in_region(response: Any, operation: Any, **_: Any) -> None:
    """Keeps the client from asking again in another region, which hides a wrong declaration."""
    if response and response[1].get("Error", {}).get("Code") in WRONG_REGION:
        raise ClientError(response[1], operation.name)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
