"""The stand-in's project, called as the real app's."""
