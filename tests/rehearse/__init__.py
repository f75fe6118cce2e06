"""Rehearsals on the second floor: real pods, a real database, certificates, and visitors."""
