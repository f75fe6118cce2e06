"""No secret stands in the rendered YAML.

Safety contract: no decrypted values, SECRET_KEY, database credentials or other secret material in
the repository. What the repository holds beside manifests is searched in ops/gate/repository.py.
"""

from collections.abc import Iterator
from typing import Any

from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from railiance.plaintext import looks_secret, names_secret


@check(
    "secrets.E001",
    "No Secret is rendered.",
    hint="keep it in secrets/*.sops.yaml, applied separately",
    because="The rendered YAML is committed; workloads refer to Secrets by name.",
)
def rendered_secrets(inventory: Inventory) -> Offences:
    """Secrets among the manifests."""
    for manifest in inventory.of("Secret"):
        yield manifest, "a Secret is rendered"


@check(
    "secrets.E002",
    "No variable or ConfigMap's key whose name stands for a secret has its value in the manifest.",
    hint="add the name to secret_keys and the value to the app's Secret",
    because="An environment by value can be read by everyone who can read the repository.",
)
def secrets_by_value(inventory: Inventory) -> Offences:
    """Variables such as SECRET_KEY with a plain value."""
    for workload in inventory.workloads:
        for name, value in workload.variables():
            if isinstance(value, str) and names_secret(name):
                yield workload.manifest, f"{name} has a plain value"
    for manifest in inventory.of("ConfigMap"):
        for name in manifest.content.get("data") or {}:
            if names_secret(name):
                yield manifest, f"{name} has a plain value"


@check(
    "secrets.E003",
    "No text in a manifest is, or contains, a key, a token or a URL with a password.",
    hint="move it into the app's Secret, and rotate it: it must count as known",
    because="It would be in the repository's history for ever.",
)
def secret_texts(inventory: Inventory) -> Offences:
    """Secrets by their looks, wherever they stand. The message names the field, not the text."""
    for manifest in inventory.manifests:
        for path, text in _texts(manifest.content, ""):
            if looks_secret(text):
                yield manifest, f"{path} looks like a secret"


@check(
    "secrets.E006",
    "Workloads read the app's own Secret, <namespace>-env.",
    hint="name the key in secret_keys",
    because="Another Secret there, such as the certificate's, is not for the app to read.",
)
def secrets_of_others(inventory: Inventory) -> Offences:
    """References to any other Secret."""
    for workload in inventory.workloads:
        own = f"{workload.manifest.namespace}-env"
        for name, value in workload.variables():
            reference = (value.get("secretKeyRef") or {}) if isinstance(value, dict) else {}
            if reference and reference.get("name") != own:
                yield workload.manifest, f"{name} comes from the Secret {reference.get('name')}"


def _texts(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _texts(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(value, f"{path}[{index}]")
