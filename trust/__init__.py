"""Keys, signatures, sealed letters and signed codes: shared by the terminal and by central. Imports wire only."""
