"""Measures the synthesizer and the gate beside helm, kustomize and plain dicts: `make bench`.

Every figure is the wall time of whole processes, as a person waits for them.
"""
