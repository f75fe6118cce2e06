"""The operator's tool: commands on the rendered YAML and on the cluster."""
