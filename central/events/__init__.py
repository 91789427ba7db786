"""What happens, told to whoever waits for it: between workers, and to terminals that are connected."""
