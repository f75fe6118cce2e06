"""The Python files in apps/: read, changed, rendered."""
