"""The audio of a recording: it stays with the network, and comes through us, because only we have the key."""

from structlog import get_logger

from ivr.core.errors import Refusal
from ivr.platform.providers.telephone import LegGoneError, OutcomeUnknownError, Sound, Telephone

log = get_logger(__name__)


class SoundAwayError(Refusal):
    message = "The recording is not available right now. Try again in a minute."


def sound(line: Telephone, sid: str) -> Sound | None:
    """Return the audio; None when the network no longer has it. Raises SoundAwayError. Not inside a transaction."""
    try:
        return line.sound(sid)
    except LegGoneError:
        return None
    except OutcomeUnknownError as fault:
        log.warning("recording_unheard", exc_info=fault)
        raise SoundAwayError from fault
