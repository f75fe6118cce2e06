"""An app that goes: its declaration and what is rendered of it, and what stays behind."""
