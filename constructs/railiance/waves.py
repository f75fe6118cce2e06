"""The order in which Argo CD syncs an app's objects.

A wave begins when every object of the wave before is healthy. Kinds without a health check
(Namespace, ServiceAccount, NetworkPolicy, Middleware) count as healthy at once.
Source: Argo CD, "Sync Phases and Waves".
"""

from enum import IntEnum


class Wave(IntEnum):
    """A sync wave; changing one reorders deployments in production."""

    NAMESPACE = -3
    """Its label allows the app to reach the database."""
    FOUNDATION = -2
    """Database, ServiceAccount and NetworkPolicy, which the app's pods need."""
    MIGRATE = -1
    """Before the web pods: new code never runs on an old schema, and a failed migration leaves the
    running pods alone."""
    WEB = 0
    """Deployment, Service and the volume; the volume is bound only once a pod uses it."""
    CERTIFICATE = 1
    """Argo CD waits until the certificate is issued."""
    EXPOSURE = 2
    """Ingress and redirect: nothing is reachable before the certificate is issued."""
    ADDITIONAL_CERTIFICATE = 3
    """Certificates of additional hosts: one that cannot be issued leaves all before it alone."""
    ADDITIONAL_EXPOSURE = 4
    """Ingresses of additional hosts, and the redirect to the main host."""
    SCHEDULES = 5
    """CronJobs, last of all: Argo CD waits for no health in the last wave. In any other one a
    schedule whose last run failed would fail every sync, that of its fix as well."""
