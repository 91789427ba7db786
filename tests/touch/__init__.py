"""Tests of the real window, touched from outside."""
