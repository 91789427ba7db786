"""The GM65 family of QR scanners (GM65, GM805, EM3095) on a serial line."""
