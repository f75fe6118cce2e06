"""What railiance01 offers to apps, on the real node of a local cluster.

CloudNativePG with its Cluster, Traefik, cert-manager and an ACME server. Each module installs one
and returns when it is ready; :func:`box.platform.install.install` installs all of them.
"""
