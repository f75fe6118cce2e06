"""No secret is in the rendered YAML.

Safety contract: no decrypted values, SECRET_KEY, database credentials or other secret material in
the repository. What the repository holds beside manifests is searched in
ops/gate/repository_files.py.
"""

from collections.abc import Iterator
from typing import Any

from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.config_map import ConfigMap
from ops.kinds.secret import Secret
from ops.objects.base import Document
from railiance.plaintext import holds_secret, looks_secret
from railiance.secret_names import files_secret, registry_secret, settings_secret
from railiance.valkey import host


@check(
    "secrets.E001",
    "No Secret is rendered.",
    hint="keep it in secrets/*.sops.yaml, applied separately",
    because="The rendered YAML is committed; workloads refer to Secrets by name.",
)
def rendered_secrets(inventory: Inventory) -> Offences:
    """Secrets among the manifests."""
    for manifest, _ in inventory.objects(Secret):
        yield manifest, "a Secret is rendered"


@check(
    "secrets.E002",
    "No variable or ConfigMap key with the name of a secret has its value in the manifest.",
    hint="add the name to secret_keys and the value to the app's Secret",
    because="Everyone who can read the repository could read the value.",
)
def secrets_by_value(inventory: Inventory) -> Offences:
    """Variables such as SECRET_KEY with a plain value."""
    for workload in inventory.workloads:
        for variable in workload.variables:
            if variable.value is not None and holds_secret(variable.name, variable.value):
                yield workload.manifest, f"{variable.name} has a plain value"
    for manifest, config_map in inventory.objects(ConfigMap):
        for name, value in config_map.data.items():
            if holds_secret(name, value):
                yield manifest, f"{name} has a plain value"


@check(
    "secrets.E003",
    "No text in a manifest is, or contains, a key, a token or a URL with a password.",
    hint="move it into the app's Secret, and rotate it: treat it as compromised",
    because="It would stay in the repository's history for ever.",
)
def secret_texts(inventory: Inventory) -> Offences:
    """Secrets by their looks, wherever they are. The message names the field, not the text."""
    for manifest in inventory.manifests:
        for path, text in _texts(manifest.content):
            if looks_secret(text):
                yield manifest, f"{path} looks like a secret"


@check(
    "secrets.E006",
    "Workloads read only the app's own Secrets: <namespace>-env, -files, -valkey and -registry.",
    hint="name the key in secret_keys, or the file in secret_files",
    because="The app must not read other Secrets there, such as the certificate's.",
)
def secrets_of_others(inventory: Inventory) -> Offences:
    """References to any other Secret, from variables, volumes and for pulling images."""
    for workload in inventory.workloads:
        own = workload.manifest.namespace
        for variable in workload.variables:
            if variable.secret and variable.secret.name != settings_secret(own):
                problem = f"{variable.name} comes from the Secret {variable.secret.name}"
                yield workload.manifest, problem
        is_valkey = inventory.is_valkey(workload)
        mounted = host(own) if is_valkey else files_secret(own)
        for volume in workload.pod.volumes:
            if volume.secret and volume.secret.secret_name != mounted:
                yield workload.manifest, f"mounts the Secret {volume.secret.secret_name}"
        for login in workload.pod.image_pull_secrets:
            if login.name != registry_secret(own):
                yield workload.manifest, f"pulls images with the Secret {login.name}"


def _texts(content: Document) -> Iterator[tuple[str, str]]:
    """Each text with the path of its field."""
    nodes: list[tuple[str, Any]] = [("", content)]
    while nodes:
        path, node = nodes.pop()
        if isinstance(node, str):
            yield path, node
        elif isinstance(node, dict):
            prefix = f"{path}." if path else ""
            nodes += [(f"{prefix}{key}", value) for key, value in node.items()]
        elif isinstance(node, list):
            nodes += [(f"{path}[{index}]", value) for index, value in enumerate(node)]
