"""Draws every page in every state and way of seeing it, and finds what is wrong with the pictures."""
