"""What the terminal's sync is measured beside: other people's ways of bringing things over, doing the same job."""
