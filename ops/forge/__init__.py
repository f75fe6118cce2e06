"""What is said on the forge that holds the repository."""
