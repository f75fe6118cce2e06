"""Container images made by hand: no container runtime and no registry takes part.

``python -m box.images`` writes every image of the node's floor to
``.tools/images/<name>.tar``, an OCI image layout as ``ctr images import`` takes it,
and prints each reference with its digest. The same inputs give the same digest.
"""
