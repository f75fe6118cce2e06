"""The apps' Secrets: encrypted with sops in secrets/, and applied to the cluster separately."""
