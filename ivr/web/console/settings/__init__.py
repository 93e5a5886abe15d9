"""What the owner may change: each group of it a page of forms, each change a line in the audit."""
