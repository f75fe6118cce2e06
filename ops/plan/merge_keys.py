"""The keys by which Kubernetes distinguishes the items of a list.

From `x-kubernetes-list-map-keys`, `x-kubernetes-list-type: set` and `x-kubernetes-patch-merge-key`
of https://github.com/kubernetes/kubernetes/blob/v1.34.4/api/openapi-spec/swagger.json and of the
custom resources' definitions. A list that the API replaces as a whole is marked: its items are
matched by what a reader knows them by, which only changes how a difference is shown.
"""

from collections.abc import Iterable, Mapping

SET: tuple[str, ...] = ()
"""The items are their own keys, and their order means nothing."""

MERGE_KEYS: Mapping[str, tuple[str, ...]] = {
    # pods
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "containers[].ports": ("containerPort", "protocol"),
    "initContainers[].ports": ("containerPort", "protocol"),
    "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "resourceClaims": ("name",),
    "schedulingGates": ("name",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    "capabilities.add": SET,  # replaced as a whole
    "capabilities.drop": SET,  # replaced as a whole
    "httpHeaders": ("name",),  # replaced as a whole
    "items": ("key",),  # of a volume; replaced as a whole
    # other kinds
    "metadata.finalizers": SET,
    "metadata.ownerReferences": ("uid",),
    "accessModes": SET,  # replaced as a whole
    "policyTypes": SET,  # replaced as a whole
    "spec.ports": ("port", "protocol"),
    "spec.volumeClaimTemplates": ("metadata.name",),  # replaced as a whole
    "secrets": ("name",),
    "webhooks": ("name",),
    "webhooks[].matchConditions": ("name",),
    "subjects": ("kind", "namespace", "name"),  # replaced as a whole
    "apiGroups": SET,  # replaced as a whole
    "resources": SET,  # of a role; replaced as a whole
    "verbs": SET,  # replaced as a whole
    "metrics[].resource": ("name",),
    "spec.rules": ("host",),  # of an Ingress; replaced as a whole
    "http.paths": ("path", "pathType"),  # replaced as a whole
    "spec.tls": ("secretName",),  # replaced as a whole
    "tls[].hosts": SET,
    # custom resources
    "spec.versions": ("name",),  # of a CustomResourceDefinition; replaced as a whole
    "spec.names.shortNames": SET,
    "spec.names.categories": SET,
    "spec.dnsNames": SET,
    "spec.sourceRepos": SET,
    "spec.destinations": ("server", "name", "namespace"),
    "spec.clusterResourceWhitelist": ("group", "kind", "name"),
    "spec.namespaceResourceWhitelist": ("group", "kind"),
    "syncOptions": SET,
    "spec.extensions": ("name",),
    "spec.schemas": ("name",),
    "spec.managed.roles": ("name",),
    "additionalPrinterColumns": ("name",),
    "x-kubernetes-validations": ("rule",),
    "required": SET,
    "enum": SET,
}
"""The end of a list's path, and its items' keys; the longest that fits counts."""

_BY_LAST: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
for _path, _keys in sorted(MERGE_KEYS.items(), key=lambda row: -row[0].count(".")):
    _segments = tuple(_path.replace("[]", ".[]").split("."))
    _BY_LAST.setdefault(_segments[-1], []).append((_segments, _keys))


def keys_of(path: tuple[str, ...]) -> tuple[str, ...] | None:
    """The keys of the list at a path whose list items are written `[]`; None: by position."""
    for segments, keys in _BY_LAST.get(path[-1], ()) if path else ():
        if path[-len(segments) :] == segments:
            return keys
    return None


def identities(items: Iterable[object], keys: tuple[str, ...]) -> list[str] | None:
    """The identity of each item; None if one has none, or two have the same."""
    found = [_identity(item, keys) for item in items]
    unique = {identity for identity in found if identity is not None}
    return [str(identity) for identity in found] if len(unique) == len(found) else None


def _identity(item: object, keys: tuple[str, ...]) -> str | None:
    if keys == SET:
        return None if isinstance(item, dict | list) else str(item)
    if not isinstance(item, dict):
        return None
    values = [_at(item, key) for key in keys]
    if all(value is None for value in values):
        return None
    return "/".join("" if value is None else str(value) for value in values)


def _at(item: dict[str, object], key: str) -> object:
    found: object = item
    for segment in key.split("."):
        found = found.get(segment) if isinstance(found, dict) else None
    return None if isinstance(found, dict | list) else found
