"""The objects of an app: one part per file, each a function of app and platform."""
