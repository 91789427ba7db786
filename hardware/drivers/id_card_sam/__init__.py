"""Identity-card readers that speak GA/T 467 (SAM modules of any maker) on a serial line."""
