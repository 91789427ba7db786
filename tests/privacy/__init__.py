"""Nothing of a person stays behind."""
