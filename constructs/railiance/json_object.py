"""The content of annotations that hold a JSON object."""

from typing import Any


def json_object(content: Any) -> dict[str, Any]:
    """The content as it is; ValueError if it is no JSON object."""
    if not isinstance(content, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 (one error for wrong content)
    return content
