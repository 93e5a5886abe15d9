"""The owner is called on their own telephone and hears a prompt as callers do."""
