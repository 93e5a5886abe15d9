"""What the frame of every page says: whether the office is open, what waits for a person, and whose telephone rings."""
