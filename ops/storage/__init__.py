"""The bucket of an app's media: what the rendered YAML states of it, and whether it can be used."""
