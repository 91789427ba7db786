"""Where departments' records come from: one connector per item, behind one interface."""
