"""The role's credentials in the databases' namespace, which are the platform's."""

import base64

from ops.cluster.context import open_to_read
from ops.errors import OpsError
from ops.kinds.secret import Secret
from ops.secrets.wanted import Wanted
from railiance.secret_names import PASSWORD


def password_on(wanted: Wanted, context: str | None) -> str:
    """The role's password as the platform made it; OpsError if it has made none."""
    found = open_to_read(context).get(Secret, wanted.credentials, wanted.platform_namespace)
    place = f"{wanted.platform_namespace}/{wanted.credentials}"
    if value := found.data.get(PASSWORD) if found else None:
        try:
            return base64.b64decode(value).decode()
        except ValueError:
            raise OpsError(f"the password in Secret {place} is not UTF-8 text") from None
    raise OpsError(f"there is no password in Secret {place}; omit --password-from-cluster")
