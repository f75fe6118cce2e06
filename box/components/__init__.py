"""The components of a local cluster: how each is started, and when it is ready."""
