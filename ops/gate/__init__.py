"""What must hold of the rendered YAML before it may reach the cluster, checked offline."""
