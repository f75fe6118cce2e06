"""The documents that an app becomes: one part a file, each a function of app and platform."""
