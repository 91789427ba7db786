"""One Python facade per screen, a singleton made once; no rules in it."""
