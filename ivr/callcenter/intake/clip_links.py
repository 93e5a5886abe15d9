"""The address at which a telephone hears a caller's recording: signed, and good for an hour.

The telephone network fetches it while a call goes on. Staff hear a recording in the console, where they are logged in.
"""

from datetime import timedelta
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

from ivr.services import services

LASTS: Final = timedelta(hours=1)
#: No token that we make is longer.
_LONGEST: Final = 100


def path(clip_id: int) -> str:
    """Return the path of this recording, from now on for an hour."""
    return f"/clips/{_signer().dumps(clip_id)}.wav"


def read(token: str) -> int | None:
    """Return the id of the recording; None when the signature is not ours, or an hour old."""
    if len(token) > _LONGEST:
        return None
    try:
        return int(_signer().loads(token, max_age=int(LASTS.total_seconds())))
    except (BadData, ValueError, TypeError):
        return None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services().config.secret_keys, salt="clip")
