"""What the benches share: a web as in production, a limit to compare it with, and callers."""
