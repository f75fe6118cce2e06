"""The gate: offline checks of the rendered YAML before it may reach the cluster."""
