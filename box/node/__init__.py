"""A real node: containerd, runc, kubelet, kube-proxy and NetworkPolicy, as processes.

They run in namespaces of their own (network, mount, PID), held by one process. When
that process exits, the kernel ends every process in them and removes their mounts,
addresses, routes and rules. So nothing of a node is left behind, whichever process is
killed first. Needs root and Linux; :mod:`box.node.requirements` reports what is missing.
"""
