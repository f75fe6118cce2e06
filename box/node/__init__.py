"""A real node for a box: containerd, runc, kubelet, kube-proxy and NetworkPolicy, as processes.

They run in namespaces of their own (network, mounts, process ids), held by one
process. When that ends, the kernel ends whatever ran in them, with every mount,
address, route and rule. So nothing of a node outlives its box, whoever was
killed before. Needs root and Linux; :mod:`box.node.requirements` says what is missing.
"""
