"""What carries out a journey's orders: each hand writes the deed down, does it, watches it, and tells what it saw."""
