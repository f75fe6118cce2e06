"""railiance01 in a box: a real control plane and a real Argo CD on loopback.

etcd, the Kubernetes control plane, kwok, Argo CD's application controller and
repo-server run as plain processes of the caller, from binaries that are built
once from the Go modules pinned below ``box/go``. No root, no container runtime;
a real node in kwok's place needs root, and brings its own.

``python -m box up | restart | install | down | status``, or from Python:
:class:`box.lifecycle.Box`.
"""
