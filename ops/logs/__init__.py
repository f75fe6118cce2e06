"""The logs of an app's pods."""
