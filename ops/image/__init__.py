"""The image of an app: which one is declared, and another in its place."""
