"""The results of checks, one per line, and how they are shown."""
