"""Apps that others wrote, as they are declared to run here; one file each, as in apps/."""
