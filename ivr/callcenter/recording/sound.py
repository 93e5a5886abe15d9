"""What was recorded, to be heard: it stays with the network, and comes through us, who alone have the key."""

from structlog import get_logger

from ivr.core.errors import Refusal
from ivr.platform.providers.telephone import LegGoneError, OutcomeUnknownError, Sound, Telephone

log = get_logger(__name__)


class SoundAwayError(Refusal):
    message = "The recording is not available right now. Try again in a minute."


def sound(line: Telephone, sid: str) -> Sound | None:
    """What is on it; None when the network has it no more. Raises SoundAwayError. Outside transactions."""
    try:
        return line.sound(sid)
    except LegGoneError:
        return None
    except OutcomeUnknownError as fault:
        log.warning("recording_unheard", why=str(fault))
        raise SoundAwayError from fault
