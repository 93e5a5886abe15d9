"""Logging in with a second factor, a forgotten password, and everybody's own account."""
