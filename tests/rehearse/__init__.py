"""Rehearsals on a real node: what runs there runs for real. Needs root and Linux."""
