"""Cases from the field, which went wrong elsewhere, tried with this project's commands."""
