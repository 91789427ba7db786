"""One file per journey: states, events, orders and the table; pure."""
