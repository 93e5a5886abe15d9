"""Why a copy was not made, or not put back."""


class BackupFailedError(Exception):
    """Nothing was changed; the message says what was wrong and what to do."""
