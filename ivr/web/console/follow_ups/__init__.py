"""The page of follow-ups."""
