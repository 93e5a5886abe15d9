"""A technician's own page on a mobile phone, opened by a signed link instead of a password."""
