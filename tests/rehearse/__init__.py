"""Rehearsals on a real node: pods, a database, certificates and visitors are real there."""
