"""The page of callbacks and tasks."""
