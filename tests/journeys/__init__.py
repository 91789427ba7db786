"""Journeys walked as tables: no device, no disk, no screen."""
