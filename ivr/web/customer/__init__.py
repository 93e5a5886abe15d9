"""The customer's window: the estimate, and the way to pay it."""
