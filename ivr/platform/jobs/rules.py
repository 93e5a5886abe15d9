"""How long to wait after a failure, and what is kept of it."""

_LONGEST_WAIT = 60.0
_LONGEST_ERROR = 500


def backoff(attempt: int, luck: float, *, longest: float = _LONGEST_WAIT) -> float:
    """Seconds before the next attempt: 1, 2, 4 ... ``longest``, of which ``luck`` (0 to 1) takes away up to a half.

    Without luck, all jobs that failed together (the provider was down) would come back together.
    """
    whole = min(longest, 2.0 ** min(attempt - 1, 10))
    return whole * (1 - luck / 2)


def shortened(error: BaseException) -> str:
    """One line for the job's row. PostgreSQL takes neither a NUL nor half a surrogate pair in a text."""
    text = f"{type(error).__name__}: {error}".replace("\0", "")
    return text.encode(errors="replace").decode()[:_LONGEST_ERROR]
