"""Long runs of kills."""
