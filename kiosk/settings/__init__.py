"""Frozen, described settings, one file per group, read and checked whole at boot."""
