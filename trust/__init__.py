"""Keys, signatures and sealing, shared by terminal and central."""
