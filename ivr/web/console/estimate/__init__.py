"""The estimate on the intake page: priced, saved, sent, followed."""
