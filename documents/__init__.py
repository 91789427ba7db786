"""Forms, slips and certificates as PDF; seals; verification; shared by terminal and central."""
