"""Visits the live app as a person with a browser would, and says of each thing whether it works."""
