"""Maintenance: the page that visitors see, and how operators get past it."""
