"""Commands of an app's manage.py, run in the cluster."""
