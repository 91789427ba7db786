"""The reference back end."""
