"""One package per device model: meaning on top of codec and transport."""
