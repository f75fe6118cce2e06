"""The rehearsals: the committed manifests, through a real API server and a real Argo CD."""
