"""Whole visits through the real route."""
