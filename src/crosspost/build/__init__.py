"""Making output/ match the source."""
