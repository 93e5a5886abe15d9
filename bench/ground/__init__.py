"""What the benches stand on: a web as in life, a limit to hold it against, and callers."""
