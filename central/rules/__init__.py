"""What central decides; pure."""
