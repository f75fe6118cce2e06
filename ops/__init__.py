"""The operator's tool: whatever is asked of the rendered YAML and of the cluster."""
