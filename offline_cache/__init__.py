"""What the terminal remembers: outbox, sealed drafts, mirrors of what central last said, sync."""
