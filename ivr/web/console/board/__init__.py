"""The board: the console's front page, which shows the work of the moment."""
