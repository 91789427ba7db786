"""The A4 printer that speaks IPP: `driver` asks, `reading` says what its attributes mean."""
