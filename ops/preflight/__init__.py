"""The preflight: checks everything that a deploy needs; changes nothing."""
