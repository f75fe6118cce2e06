"""Generates imports/ from pinned schemas."""
