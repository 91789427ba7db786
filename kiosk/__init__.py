"""The terminal's mind: settings, wiring, journeys, one citizen's visit; no Qt, no SQL, no serial ports."""
