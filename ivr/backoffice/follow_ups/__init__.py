"""What somebody must still do after a call: one task each, with an owner and a time."""
