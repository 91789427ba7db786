"""What central keeps: the only room of central that speaks SQL."""
