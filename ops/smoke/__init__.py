"""Visits the live app as a person with a browser would, and reports what works."""
