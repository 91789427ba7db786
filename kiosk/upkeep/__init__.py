"""Keeping the terminal alive: what the technician's side of the mind watches."""
