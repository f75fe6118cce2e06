"""Kubernetes' control plane: etcd, the API server, its controllers and the scheduler."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from box.components.component import Component
from box.ports import LOOPBACK

if TYPE_CHECKING:
    from box.components.layout import Layout

AUDIT_POLICY = Path(__file__).parents[1] / "audit.yaml"
# Without a real node no pod connects to the API server, and loopback is no valid endpoint.
API_WITHOUT_NODE = ("--endpoint-reconciler-type=none",)
# The addresses of k3s.
SERVICES = "10.43.0.0/16"


def control_plane(layout: Layout) -> list[Component]:
    """The API server and its store etcd, in the order of starting."""
    return [_etcd(layout), _kube_apiserver(layout)]


def controllers(layout: Layout) -> list[Component]:
    """The controllers of a control plane."""
    return [_kube_controller_manager(layout), _kube_scheduler(layout)]


def _etcd(layout: Layout) -> Component:
    """The store of the API server."""
    peer, client = (f"https://{layout.address(name)}" for name in ("etcd-peer", "etcd"))
    ca = str(layout.authority.pair.certificate)
    certificate, key = str(layout.admin.certificate), str(layout.admin.key)
    arguments = (
        f"--data-dir={layout.folder.root / 'etcd'}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--trusted-ca-file={ca}",
        f"--cert-file={certificate}",
        f"--key-file={key}",
        "--client-cert-auth",
        f"--peer-trusted-ca-file={ca}",
        f"--peer-cert-file={certificate}",
        f"--peer-key-file={key}",
        # The data need not survive a crash of the machine, so etcd does not wait for the disk.
        "--unsafe-no-fsync",
    )
    ports = (layout.ports["etcd"], layout.ports["etcd-peer"])
    return Component(name="etcd", arguments=arguments, ports=ports, is_ready=layout.accepts("etcd"))


def _kube_apiserver(layout: Layout) -> Component:
    """The API server."""
    ca, service_accounts = layout.authority.pair, layout.service_accounts
    arguments = (
        f"--bind-address={layout.api_host}",
        f"--advertise-address={layout.api_host}",
        f"--secure-port={layout.ports['kube-apiserver']}",
        f"--tls-cert-file={layout.admin.certificate}",
        f"--tls-private-key-file={layout.admin.key}",
        f"--client-ca-file={ca.certificate}",
        f"--etcd-servers=https://{layout.address('etcd')}",
        f"--etcd-cafile={ca.certificate}",
        f"--etcd-certfile={layout.admin.certificate}",
        f"--etcd-keyfile={layout.admin.key}",
        f"--service-account-key-file={service_accounts.certificate}",
        f"--service-account-signing-key-file={service_accounts.key}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-cluster-ip-range={layout.network.services if layout.network else SERVICES}",
        "--authorization-mode=Node,RBAC",
        f"--audit-policy-file={AUDIT_POLICY}",
        f"--audit-log-path={layout.folder.audit}",
        # In MB: enough to keep a day's rehearsals in one file.
        "--audit-log-maxsize=2000",
        *(_api_on_real_node(layout) if layout.network else API_WITHOUT_NODE),
    )
    return layout.server("kube-apiserver", arguments, "https", "/readyz")


def _api_on_real_node(layout: Layout) -> tuple[str, ...]:
    """Flags for reaching the kubelet, and for allowing pods what k3s allows them."""
    return (
        "--kubelet-preferred-address-types=InternalIP",
        f"--kubelet-certificate-authority={layout.authority.pair.certificate}",
        f"--kubelet-client-certificate={layout.admin.certificate}",
        f"--kubelet-client-key={layout.admin.key}",
        "--allow-privileged",
    )


def _kube_controller_manager(layout: Layout) -> Component:
    """Kubernetes' own controllers."""
    arguments = (
        *_kubernetes_client(layout, "kube-controller-manager"),
        f"--service-account-private-key-file={layout.service_accounts.key}",
        f"--root-ca-file={layout.authority.pair.certificate}",
        "--use-service-account-credentials",
    )
    return layout.server("kube-controller-manager", arguments, "https", "/healthz")


def _kube_scheduler(layout: Layout) -> Component:
    """Assigns pods to nodes."""
    return layout.server(
        "kube-scheduler", _kubernetes_client(layout, "kube-scheduler"), "https", "/healthz"
    )


def _kubernetes_client(layout: Layout, name: str) -> tuple[str, ...]:
    """Flags that all controllers share; each runs once, so leader election is off."""
    kubeconfig = layout.folder.kubeconfig
    return (
        f"--kubeconfig={kubeconfig}",
        f"--authentication-kubeconfig={kubeconfig}",
        f"--authorization-kubeconfig={kubeconfig}",
        f"--bind-address={LOOPBACK}",
        f"--secure-port={layout.ports[name]}",
        f"--tls-cert-file={layout.admin.certificate}",
        f"--tls-private-key-file={layout.admin.key}",
        "--leader-elect=false",
    )
