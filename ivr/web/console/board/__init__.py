"""The board: the front page of a day at work."""
