"""The shield: callers who are robots, or whose number is refused, take no time of staff."""
