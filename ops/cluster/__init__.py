"""The one door to a cluster."""
