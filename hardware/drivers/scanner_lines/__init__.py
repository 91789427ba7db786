"""Any scanner that sends each code as a line of text (USB CDC or RS-232)."""
