"""What each kind of device promises: ports, outcomes, status and fault words. No port is opened in here."""
