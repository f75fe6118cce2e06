"""What a change of the rendered YAML does on the cluster, told from two git revisions, offline."""
