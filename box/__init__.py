"""A local cluster like railiance01: a real control plane and a real Argo CD on loopback.

etcd, the Kubernetes control plane, kwok, Argo CD's application controller and
repo-server run as plain processes of the current user, from binaries that are
built once from the Go modules pinned below ``box/go``. This control-plane mode
needs no root and no container runtime, and runs no pods: kwok simulates them.
Real-node mode replaces kwok by a real node; it needs root and Linux.

``python -m box up | restart | install | storage | serve | down | status``, or from Python:
:class:`box.lifecycle.Box`.
"""
