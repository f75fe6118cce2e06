"""The status of an app on the cluster."""
