"""Makes and pins what the project is built with."""
