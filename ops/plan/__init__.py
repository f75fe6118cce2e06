"""What a change of the rendered YAML does on the cluster, from two git revisions, offline."""
