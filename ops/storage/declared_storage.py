"""Which bucket an app uses, as its rendered documents state."""

from __future__ import annotations

from dataclasses import dataclass

from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.errors import ManifestError
from ops.kinds.namespace import Namespace
from ops.objects.pod_spec import KeyReference
from railiance.annotations import STORAGE
from railiance.object_storage import ObjectStorage, StorageNames


@dataclass(frozen=True, kw_only=True)
class DeclaredStorage:
    """A bucket, and where its keys are."""

    place: ObjectStorage
    access_key: KeyReference
    """The key of a Secret in the app's namespace."""
    secret_key: KeyReference


def is_declared(app: App) -> bool:
    """Whether an app has a bucket."""
    return any(STORAGE in namespace.annotations for namespace in app.manifests(Namespace))


def names_in(namespace: Manifest) -> StorageNames | None:
    """The variables that a Namespace states, if any; ValueError if they cannot be read."""
    text = namespace.annotations.get(STORAGE)
    if text is None:
        return None
    try:
        return StorageNames.from_json(text)
    except (TypeError, RecursionError) as error:
        raise ValueError(error) from error


def storage_of(app: App) -> DeclaredStorage:
    """The bucket of an app that has one.

    Raises ManifestError if its documents do not state it whole.
    """
    namespace, web = app.manifest(Namespace), app.web
    try:
        names = names_in(namespace) or StorageNames()
        endpoint, bucket, region = map(web.value, names.plain)
        place = ObjectStorage(endpoint=endpoint, bucket=bucket, region=region, names=names)
    except ValueError as error:
        problem = f"{namespace}: {STORAGE} cannot be used: {error}; run `make synth`"
        raise ManifestError(namespace.file, problem, namespace.line) from error
    keys = [variable.secret for name in names.secret if (variable := web.environment.get(name))]
    access_key, secret_key = [*filter(None, keys), None, None][:2]
    if access_key is None or secret_key is None:
        problem = f"{web.manifest} reads no Secret for {', '.join(names.secret)}; run `make synth`"
        raise ManifestError(web.manifest.file, problem, web.manifest.line)
    return DeclaredStorage(place=place, access_key=access_key, secret_key=secret_key)
