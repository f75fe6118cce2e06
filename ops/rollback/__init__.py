"""Rollback: a commit that reverts the one that set the present image."""
