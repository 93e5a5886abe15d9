"""Call control in the browser: the star menu as buttons."""
