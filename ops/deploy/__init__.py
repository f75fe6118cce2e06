"""The single command to deploy: gate, secrets, then git's state onto the cluster, and a receipt."""
