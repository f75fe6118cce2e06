"""The rendered YAML, read once into typed documents."""
