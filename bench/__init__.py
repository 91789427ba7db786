"""Measures of the whole program, each beside its limit or a peer, taken in the same run on the same machine."""
