"""The types with which a kind is described, and what kinds have in common."""
