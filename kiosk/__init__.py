"""The terminal's mind: journeys, the visit, settings, health. No Qt, no SQL, no serial ports in here."""
