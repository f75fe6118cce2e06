"""A stand-in for the app: a small Django project of its shape, on a real PostgreSQL."""
