"""The wall: the state of the line on a screen, readable at four metres, without names and without a log-in."""
