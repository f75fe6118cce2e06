"""Settings, for production only."""
