"""A technician's own page on a mobile, by a signed link instead of a password."""
