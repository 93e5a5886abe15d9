"""The call map: which step leads where, read from the flows themselves and drawn."""
