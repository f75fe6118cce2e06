"""The address that lets an operator past the maintenance page."""

import base64
import time

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.errors import OpsError
from ops.kinds.secret import Secret
from ops.objects.pod_spec import KeyReference
from railiance.maintenance import PASS_PARAMETER, pass_until

COMMAND_SECRET_KEY = 3
"""Where the page's command names the variable that signs passes."""


def address(cluster: Cluster, app: App, hours: int) -> str:
    """An address of the app that shows it during maintenance, for so many hours.

    Raises OpsError if maintenance is off, or if the cluster has no secret key of the app.
    """
    reference = _signing_key(app)
    found = cluster.get(Secret, reference.name, app.namespace)
    key = found.data.get(reference.key, "") if found else ""
    if not key:
        problem = f"Secret {app.namespace}/{reference.name} has no key {reference.key}"
        raise OpsError(f"{problem}; run: ops secrets apply --app {app.name}")
    given = pass_until(int(time.time()) + hours * 3600, base64.b64decode(key).decode())
    return f"https://{app.host}/?{PASS_PARAMETER}={given}"


def _signing_key(app: App) -> KeyReference:
    """The key of the Secret with which the page signs."""
    page = app.maintenance
    if page is None:
        raise OpsError(
            f"{app.name}: maintenance is off; turn it on with `ops maintenance on --app {app.name}`"
        )
    command = (page.containers[0].command or []) if page.containers else []
    variable = page.environment.get("".join(command[COMMAND_SECRET_KEY : COMMAND_SECRET_KEY + 1]))
    if variable is None or variable.secret is None:
        raise OpsError(f"{page.manifest} signs no passes: the app declares no secret key in names")
    return variable.secret
