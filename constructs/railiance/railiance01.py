"""The production node."""

from railiance.platform import Platform

RAILIANCE01 = Platform(
    name="railiance01",
    public_address="92.205.130.254",
    kubernetes_version="1.34",
    postgres_cluster="apps-pg",
    postgres_namespace="databases",
    postgres_host="apps-pg-rw.databases",
    postgres_client_label="railiance.io/postgres-client",
    cluster_issuer="letsencrypt-prod",
    ingress_class="traefik",
    ingress_namespace="kube-system",
    storage_class="local-path",
    registry="gitea.coulomb.social",
    repository_url="https://gitea.coulomb.social/coulomb/railiance-apps.git",
    revision="main",
    argocd_namespace="argocd",
    app_domains=("whywhynot.de",),
    image_owners=("coulomb",),
    reserved_hosts=("gitea.coulomb.social",),
    reserved_namespaces=("default", "cert-manager", "cnpg-system", "mfa", "sso"),
    reserved_roles=("gitea",),
)
