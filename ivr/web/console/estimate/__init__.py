"""The estimate at the desk: worked out, kept, sent, watched."""
