"""Public tenders."""
