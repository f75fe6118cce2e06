"""The declaration of what the cluster offers to apps."""

import dataclasses
import re
from collections.abc import Mapping
from typing import Annotated, Any, get_origin

from railiance import checks
from railiance.annotations import PLATFORM_FACT
from railiance.declaration import declaration

Label = Annotated[str, checks.dns_label]
WITHOUT_ROLES, WITH_ROLES = "1.28", "1.30"
"""Minor versions of CloudNativePG; the later one has the kind DatabaseRole."""


@declaration
class Platform:
    """A Kubernetes cluster and the services on it that apps use.

    Every field but defaults is rendered as an annotation of the root Application, so that readers
    of the rendered YAML know it too.
    """

    name: Label
    """The node's name."""
    public_address: Annotated[str, checks.address]
    """The address of the ingress controller; each app's DNS record must equal it."""
    kubernetes_version: Annotated[str, checks.kubernetes_version]
    """Kubernetes minor version; imports/ and the gate's schemas are for this version."""
    postgres_cluster: Label
    """The shared CloudNativePG Cluster."""
    postgres_namespace: Label
    """The Cluster's namespace; Database objects must be in it as well."""
    postgres_host: Annotated[str, checks.pattern(r"[a-z0-9.-]+", "is not a Service's host")]
    """The Service of the primary."""
    postgres_client_label: Annotated[
        str, checks.pattern(r"[a-z0-9.-]+/[a-z0-9-]+", "is not a label's key with its prefix")
    ]
    """The label that allows a namespace to reach the database; its value is the Cluster."""
    cluster_issuer: Label
    """The cert-manager ClusterIssuer that solves HTTP-01 challenges."""
    ingress_class: Label
    """The IngressClass; the controller's pods have it as app.kubernetes.io/name."""
    ingress_namespace: Label
    """The namespace of the ingress controller; only its pods may reach an app's pods."""
    storage_class: Label
    """The StorageClass of media volumes."""
    registry: Annotated[str, checks.host_name]
    """The only registry that images may come from."""
    repository_url: Annotated[str, checks.repository_url]
    """The https URL of this repository, as Argo CD reads it."""
    revision: Annotated[
        str, checks.pattern(r"[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*", "is not a branch")
    ]
    """The branch that Argo CD follows."""
    argocd_namespace: Label
    """The namespace in which Argo CD reads Applications and AppProjects."""
    reserved_hosts: tuple[Annotated[str, checks.host_name], ...]
    """Hosts on the same ingress controller that belong to other services."""
    reserved_namespaces: tuple[Label, ...]
    """Namespaces that belong to other services."""
    reserved_roles: tuple[Annotated[str, checks.postgres_name], ...]
    """PostgreSQL roles that belong to other services, whose databases have the same names."""
    app_domains: tuple[Annotated[str, checks.host_name], ...] = ()
    """Domains in which apps have their hosts; if empty, any host that is not reserved."""
    image_owners: tuple[Annotated[str, checks.image_owner], ...] = ()
    """Owners in the registry whose images run; if empty, all of them, whoever may register."""
    architecture: Annotated[str, checks.one_of("amd64", "arm64")] = "amd64"
    """The node's processor architecture, for which images must be built."""
    valkey_image: Annotated[str, checks.pinned_image] | None = None
    """The Valkey image with tag and digest, from the registry; none if apps get no Valkey."""
    cloudnative_pg: Annotated[str, checks.one_of(WITHOUT_ROLES, WITH_ROLES)] = WITHOUT_ROLES
    """The minor version of CloudNativePG: with 1.30 each app declares its role, with 1.28 the
    platform does, in the Cluster's spec.managed.roles."""

    def validate(self) -> None:
        """The database's host must be the Cluster's own rw Service."""
        expected = f"{self.postgres_cluster}-rw.{self.postgres_namespace}"
        if not re.match(rf"{re.escape(expected)}(\.|$)", self.postgres_host):
            raise ValueError(
                f"postgres_host {self.postgres_host!r} is not the Cluster's own; give {expected!r}"
            )

    @property
    def declares_roles(self) -> bool:
        """Whether an app's role is declared with the app."""
        return self.cloudnative_pg == WITH_ROLES

    def has_namespace(self, name: str) -> bool:
        """Whether a namespace is the platform's or another service's, and so no app's."""
        own = (self.postgres_namespace, self.ingress_namespace, self.argocd_namespace)
        return name in {*self.reserved_namespaces, *own} or name.startswith("kube-")

    def has_domain_of(self, host: str) -> bool:
        """Whether apps may have a host."""
        domains = self.app_domains
        return not domains or any(f".{host}".endswith(f".{domain}") for domain in domains)

    def owns(self, repository: str) -> bool:
        """Whether an image's repository, with its registry, is one of those that run."""
        owners = self.image_owners
        parts = repository.removeprefix(f"{self.registry}/").split("/")
        return not owners or (len(parts) > 1 and parts[0] in owners)

    def annotations(self) -> dict[str, str]:
        """Every fact but defaults as an annotation; lists are comma-separated."""
        facts = ((field, getattr(self, field.name)) for field in dataclasses.fields(self))
        return {
            _key(field): ",".join(value) if isinstance(value, tuple) else value
            for field, value in facts
            if value != field.default
        }

    @classmethod
    def from_annotations(cls, annotations: Mapping[str, str]) -> "Platform":
        """The platform that the annotations state; ValueError if a fact is missing or wrong."""
        facts: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            if _key(field) not in annotations:
                if field.default is not dataclasses.MISSING:
                    continue
                raise ValueError(f"does not state the platform's {_key(field)}")
            text = annotations[_key(field)]
            is_list = get_origin(field.type) is tuple
            facts[field.name] = tuple(filter(None, text.split(","))) if is_list else text
        return cls(**facts)


def _key(field: "dataclasses.Field[Any]") -> str:
    return f"{PLATFORM_FACT}{field.name.replace('_', '-')}"
