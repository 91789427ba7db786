"""The staff desk, driven in a browser against a real central."""
