"""How a check ends, when it does not pass."""

from ops.errors import OpsError


class FailedError(OpsError):
    """The app is not as it should be; the message is the evidence."""


class NotCheckedError(OpsError):
    """The check could not be made, which is no pass; the message says why."""
