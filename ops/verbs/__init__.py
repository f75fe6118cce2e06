"""One file a verb: its arguments, its help, and the call of the code that does it."""
