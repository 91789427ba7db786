"""Serial, USB, TCP, HID and camera: the only room that opens a port."""
