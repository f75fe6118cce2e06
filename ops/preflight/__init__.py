"""Whether all that a deploy stands on is there; nothing of it changes anything."""
