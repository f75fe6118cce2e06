"""Measures the synthesizer and the gate against helm and kustomize: `make bench`.

Every figure is the wall time of whole processes, as a user experiences it.
"""
