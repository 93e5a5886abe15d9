"""The day and the window of a visit."""
