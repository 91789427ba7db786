"""Hands held against real drivers, twins and the real store."""
