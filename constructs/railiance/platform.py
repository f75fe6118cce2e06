"""What the cluster offers to apps, as one typed value."""

import re
from typing import Annotated

from railiance import checks
from railiance.declaration import declaration

Label = Annotated[str, checks.dns_label]


@declaration
class Platform:
    """A Kubernetes cluster and what stands on it for apps to use.

    Every field is rendered as an annotation of the root Application, so that whatever reads the
    rendered YAML knows it too.
    """

    name: Label
    """The node's name."""
    public_address: Annotated[str, checks.address]
    """Where the ingress controller listens; each app's DNS record must equal it."""
    kubernetes_version: Annotated[str, checks.kubernetes_version]
    """Minor version; imports/ and the gate's schemas are of this version."""
    postgres_cluster: Label
    """The shared CloudNativePG Cluster."""
    postgres_namespace: Label
    """The Cluster's namespace, where a Database must be as well."""
    postgres_host: Annotated[str, checks.pattern(r"[a-z0-9.-]+", "is not a Service's host")]
    """The Service that always leads to the primary."""
    postgres_client_label: Annotated[
        str, checks.pattern(r"[a-z0-9.-]+/[a-z0-9-]+", "is not a label's key with its prefix")
    ]
    """The label by which a namespace is let through to the database; its value is the Cluster."""
    cluster_issuer: Label
    """The cert-manager ClusterIssuer that issues over HTTP-01."""
    ingress_class: Label
    """Of the ingress controller, whose pods carry it as app.kubernetes.io/name."""
    ingress_namespace: Label
    """Where the ingress controller's pods run, the only ones that may reach an app's pods."""
    storage_class: Label
    """For media volumes."""
    registry: Annotated[str, checks.host_name]
    """The only registry that images may come from."""
    repository_url: Annotated[str, checks.repository_url]
    """This repository, as Argo CD reads it."""
    revision: Annotated[
        str, checks.pattern(r"[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*", "is not a branch")
    ]
    """The branch that Argo CD follows."""
    argocd_namespace: Label
    """Where Argo CD reads its Applications and projects."""
    reserved_hosts: tuple[Annotated[str, checks.host_name], ...]
    """Hosts on the same ingress controller that are not this repository's to claim."""
    reserved_namespaces: tuple[Label, ...]
    """Namespaces that belong to others."""
    reserved_roles: tuple[Annotated[str, checks.postgres_name], ...]
    """PostgreSQL roles that belong to others."""

    def agree(self) -> None:
        """The database's host must be the Cluster's own rw Service."""
        expected = f"{self.postgres_cluster}-rw.{self.postgres_namespace}"
        if not re.match(rf"{re.escape(expected)}(\.|$)", self.postgres_host):
            raise ValueError(
                f"postgres_host {self.postgres_host!r} is not the Cluster's own; give {expected!r}"
            )
