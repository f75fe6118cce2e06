"""Container images built from files, without a container runtime or a registry.

``python -m box.images`` writes every image that real-node mode needs to
``.tools/images/<name>.tar``, an OCI image layout for ``ctr images import``, and
prints each reference with its digest. The same inputs give the same digest.
"""
