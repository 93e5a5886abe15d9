"""The customer's pages: the estimate, and how to pay it."""
