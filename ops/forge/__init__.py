"""Comments on the forge that hosts the repository."""
