"""The login with which the kubelet pulls a private image.

Source: Kubernetes, "Pull an Image from a Private Registry".
"""

import base64
import json
from collections.abc import Mapping

from ops.errors import UsageError

TYPE = "kubernetes.io/dockerconfigjson"
USERNAME, PASSWORD = INPUTS = ("registry-username", "registry-password")
"""What an operator is asked for."""


def text(registry: str, given: Mapping[str, str]) -> str:
    """The login to a registry as JSON; UsageError for a user name that cannot be one."""
    username, password = given[USERNAME], given[PASSWORD]
    if ":" in username:
        raise UsageError(f"{USERNAME} holds a colon, which ends a user name; give the name alone")
    both = base64.b64encode(f"{username}:{password}".encode()).decode()
    login = {"username": username, "password": password, "auth": both}
    return json.dumps({"auths": {registry: login}})


def is_for(registry: str, content: str) -> bool:
    """Whether a text is a login to this registry."""
    try:
        return isinstance(json.loads(content)["auths"][registry], dict)
    except (ValueError, LookupError, TypeError, RecursionError):
        return False
