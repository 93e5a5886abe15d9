"""The owner's settings: a page of forms for each group; each change adds a line to the audit."""
