"""A new app: the facts of it, its declaration, and what else is to be done for it."""
