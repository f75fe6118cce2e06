"""Rehearsals with apps that others wrote, on a real node: `make rehearse-apps`."""
