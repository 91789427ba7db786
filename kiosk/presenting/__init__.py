"""Turns a visit's state into the View: sentences, choices, steps. No decisions that a journey has not taken."""
