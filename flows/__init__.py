"""The script of the line: what people hear, in the order a call meets it."""
