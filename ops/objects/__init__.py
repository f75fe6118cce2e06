"""Kubernetes objects as typed values: the fields that ops reads, whatever else an object has."""
