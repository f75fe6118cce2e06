"""The Secrets of an app: workloads refer to them by name, and `ops secrets` makes them."""

USERNAME, PASSWORD = "username", "password"
"""The keys of a PostgreSQL role's credentials. Source: Kubernetes, "Secrets"."""
REGISTRY_LOGIN = ".dockerconfigjson"
"""The key of a registry login. Source: Kubernetes, "Secrets"."""


def settings_secret(app_name: str) -> str:
    """The Secret with the variables of pods."""
    return f"{app_name}-env"


def files_secret(app_name: str) -> str:
    """The Secret with files that pods mount."""
    return f"{app_name}-files"


def registry_secret(app_name: str) -> str:
    """The Secret with which pods pull a private image."""
    return f"{app_name}-registry"
