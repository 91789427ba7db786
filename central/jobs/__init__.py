"""What central does on its own time."""
