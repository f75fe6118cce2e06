"""The order in which Argo CD syncs an app's documents, in one place.

A wave begins when everything in the wave before is healthy. What has no health check (Namespace,
ServiceAccount, NetworkPolicy, Middleware) counts as healthy at once.
Source: Argo CD, "Sync Phases and Waves".
"""

from enum import IntEnum


class Wave(IntEnum):
    """A sync wave; changing one reorders a deployment on production."""

    NAMESPACE = -3
    """The namespace's label opens the way to the database."""
    FOUNDATION = -2
    """Database, ServiceAccount and NetworkPolicy: what a pod of the app needs."""
    MIGRATE = -1
    """New code never meets an old schema; a failed migration leaves the running pods alone."""
    WEB = 0
    """Deployment and Service, and the volume in its pod's wave: it is bound only by a pod."""
    CERTIFICATE = 1
    """Argo CD waits until it is issued."""
    EXPOSURE = 2
    """Ingress and redirect: nothing is reachable before the certificate exists."""
