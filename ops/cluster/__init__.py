"""The client of a cluster, and what is read and written with it."""
