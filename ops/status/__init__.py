"""How an app stands on the cluster."""
