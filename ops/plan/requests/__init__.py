"""What visitors get while a sync runs: a request followed from the Ingress to the pod."""
