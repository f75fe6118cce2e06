"""Django's migrations, read from their files without running them."""
