"""What the terminal remembers: outbox, deeds, mirror, used codes, counters; and the sync that empties the outbox."""
