"""What the frame of every page says: whether the line is open, what waits for a person, and whose telephone rings."""
