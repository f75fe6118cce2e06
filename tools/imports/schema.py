"""Turns OpenAPI schemas of CRDs and of Kubernetes into plain, closed JSON schemas."""

from typing import Any

Schema = dict[str, Any]

PROSE = ("description", "example", "externalDocs", "title")


def without_prose(node: Any) -> Any:
    """The same tree without descriptions and similar text.

    A key is removed only if its value is text, because a property may be named `description`.
    """
    if isinstance(node, dict):
        return {
            key: without_prose(value)
            for key, value in node.items()
            if not (key in PROSE and isinstance(value, str))
        }
    if isinstance(node, list):
        return [without_prose(item) for item in node]
    return node


def closed(node: Any) -> Any:
    """The JSON schema for a CRD's OpenAPI schema, with unknown fields as errors.

    The API server drops or refuses fields that a structural schema does not define, unless
    `x-kubernetes-preserve-unknown-fields` is set.
    Source: Kubernetes, CustomResourceDefinitions, "Specifying a structural schema".
    """
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _children(key, value)
        for key, value in node.items()
        if not key.startswith("x-kubernetes-") and key != "nullable"
    }
    if node.get("x-kubernetes-int-or-string"):
        kept.pop("anyOf", None)
        kept["type"] = ["integer", "string"]
    elif node.get("nullable"):
        kept["type"] = [kept["type"], "null"]
    if _names_its_fields(node):
        kept["additionalProperties"] = False
    return kept


def _children(key: str, value: Any) -> Any:
    if key == "properties":
        return {name: closed(child) for name, child in value.items()}
    return value if key in ("default", "enum", "required") else closed(value)


def _names_its_fields(node: Schema) -> bool:
    is_open = node.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in node
    return "properties" in node and node.get("type") == "object" and not is_open
