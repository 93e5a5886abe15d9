"""Recordings of conversations, where the owner has switched them on and the caller has been told."""
