"""What railiance01 offers to apps, for real: on the box's real node, installed once a box.

CloudNativePG and its cluster, Traefik, cert-manager and an ACME server. Each file brings one of
them up and returns when it is ready; :func:`box.platform.install.install` brings up them all.
"""
