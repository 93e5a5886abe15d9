"""Call control from the window: the star menu by click."""
