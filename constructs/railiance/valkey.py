"""The declaration of an app's Valkey."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from railiance import checks
from railiance.declaration import declaration

PURPOSES = ("cache", "queues")
PORT = 6379
DATABASES = 16
Variable = Annotated[str, checks.environment_name]


@declaration
class Valkey:
    """One Valkey pod for this app alone, which speaks the Redis protocol.

    As a cache it stores nothing and drops the least recently used keys when its memory is full. For
    queues it stores every write on a volume (at most one second is lost) and refuses writes when
    its memory is full, so that no task is dropped. Only the app's own pods can reach it, with a
    password. It restarts when an app's secrets change.
    Source: Valkey, "Key eviction", "Persistence", "ACL".
    """

    purpose: Annotated[str, checks.one_of(*PURPOSES)] = "cache"
    """cache or queues."""
    memory: Annotated[str, checks.memory] = "128Mi"
    """What its data may take; the pod's limit is higher."""
    size: Annotated[str, checks.size] = "1Gi"
    """Storage request of its volume, for queues."""
    urls: Mapping[Variable, Annotated[int, checks.between(0, DATABASES - 1, "as a database")]] = (
        field(default_factory=dict)
    )
    """Variables that hold its address with the password, each with the number of a database, such
    as {"CELERY_BROKER_URL": 0, "CACHE_URL": 1}; they are keys of the app's Secret."""
    password: Variable | None = None
    """The variable that holds its password, if the app does not take it in a URL."""
    host: Variable | None = None
    """The variable that holds its host, if the app does not take it in a URL."""
    port: Variable | None = None
    """The variable that holds its port."""

    def validate(self) -> None:
        """The app must be told where it is, under different names."""
        if not self.urls and not self.host:
            raise ValueError("no variable states its address; give urls= or host=")
        names = [*self.urls, *filter(None, (self.password, self.host, self.port))]
        if len(set(names)) < len(names):
            raise ValueError(f"{names} repeats a variable; give each its own")


def host(app_name: str) -> str:
    """The name of an app's Valkey: its Service, and its other objects."""
    return f"{app_name}-valkey"
