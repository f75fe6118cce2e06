"""The bucket of the app's media: the keys in the cluster write, read and delete an object there."""

from __future__ import annotations

import base64
import binascii
import secrets
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ops.kinds.secret import Secret
from ops.preflight.subject import Subject
from ops.results.result import Result, failed, ok, unknown
from ops.storage.declared_storage import DeclaredStorage, storage_of

if TYPE_CHECKING:
    from ops.objects.pod_spec import KeyReference
    from ops.storage.bucket import Bucket

PROBE = ".railiance-preflight-"
"""Begins the name of the object that is written and deleted; the rest is random."""
CONTENT = b"written by ops preflight, which deletes it again"


def usable(subject: Subject) -> Result:
    """Whether one object can be written, read back and deleted with the keys of the cluster.

    While the Secret lacks a key nothing is known of the bucket; a deploy applies it.
    """
    storage, app = storage_of(subject.app), subject.app
    access_key, secret_key = (
        _value(subject, reference) for reference in (storage.access_key, storage.secret_key)
    )
    apply = f"`ops secrets apply --app {app.name}`"
    if not (access_key and secret_key):
        found = unknown(f"{_keys(subject, storage)} is not there: no bucket can be asked", apply)
        return replace(found, fixed_by_deploy=True)
    for name, value in zip(storage.place.names.secret, (access_key, secret_key), strict=True):
        if not value.isascii() or not value.isprintable() or " " in value:
            given = f"`ops secrets rotate {name} --app {app.name}`, then {apply}"
            return failed(f"{name} holds a blank or a line break, which no key does", given)
    return _asked(storage, access_key, secret_key)


def _asked(storage: DeclaredStorage, access_key: str, secret_key: str) -> Result:
    from ops.storage.bucket import Bucket, BucketError  # noqa: PLC0415 (takes 0.2 s)

    place = storage.place
    try:
        _write_read_delete(Bucket(place, access_key, secret_key))
    except BucketError as error:
        return failed(str(error), error.fix)
    return ok(f"bucket {place.bucket} at {place.endpoint}: wrote, read and deleted one object")


def _write_read_delete(bucket: Bucket) -> None:
    """BucketError if the bucket does not do as it should; nothing is left behind."""
    from ops.storage.bucket import NO_OBJECT, NO_PERMISSION, BucketError  # noqa: PLC0415

    key = f"{PROBE}{secrets.token_hex(8)}"
    try:  # a refused upload may break off without an answer: ask first without one
        bucket.read(key)
    except BucketError as error:
        # Without the right to list, a service hides whether there is such an object.
        if error.code not in (NO_OBJECT, NO_PERMISSION):
            raise
    try:
        bucket.write(key, CONTENT)
        content = bucket.read(key)
    except BucketError:
        with suppress(BucketError):
            bucket.delete(key)
        raise
    try:
        bucket.delete(key)
    except BucketError as error:
        raise BucketError(f"{error}; {key} is left there", error.fix) from error
    if content != CONTENT:
        raise BucketError(f"{key} was read back with another content", "ask the service's operator")


def _value(subject: Subject, reference: KeyReference) -> str:
    """The value of a key of a Secret in the app's namespace; empty if there is none."""
    found = subject.cluster.get(Secret, reference.name, subject.app.namespace)
    text = found.data.get(reference.key, "") if found else ""
    with suppress(binascii.Error):
        return base64.b64decode(text).decode(errors="replace")
    return ""


def _keys(subject: Subject, storage: DeclaredStorage) -> str:
    """The two keys, by their names."""
    access, secret = storage.access_key, storage.secret_key
    return f"Secret {subject.app.namespace}/{access.name}: {access.key} or {secret.key}"
