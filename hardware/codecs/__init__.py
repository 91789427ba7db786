"""One file per wire protocol: bytes in, frames out; no port, no clock."""
