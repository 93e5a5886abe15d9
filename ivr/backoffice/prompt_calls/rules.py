"""How a call that plays a prompt stands. Pure."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from ivr.callcenter.calls.rules import FINAL, CallStatus

#: So many such calls within an hour, of all owners together: somebody has left a script running.
MOST_AN_HOUR: Final = 30
#: A worker that comes later than this calls nobody any more: whoever asked has gone on to something else.
WANTED_FOR: Final = timedelta(minutes=2)


class PlayState(StrEnum):
    """How far the call has come. All but the first two are final."""

    #: Asked for: the telephone rings, or is about to.
    CALLING = "calling"
    #: Somebody, or a mailbox, has picked up, and the prompt plays.
    PLAYING = "playing"
    #: It was answered, and is over.
    PLAYED = "played"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    #: The network could not call the number, or nobody knows whether it did.
    FAILED = "failed"


#: The states of a call that goes on: nobody has two of them.
OPEN: Final = (PlayState.CALLING, PlayState.PLAYING)
_UNANSWERED: Final = {CallStatus.BUSY: PlayState.BUSY, CallStatus.NO_ANSWER: PlayState.NO_ANSWER}


def ended(status: CallStatus, before: PlayState) -> PlayState | None:
    """Return how a call ended with this last status of its leg; None while the leg goes on.

    >>> ended(CallStatus.COMPLETED, PlayState.PLAYING), ended(CallStatus.RINGING, PlayState.CALLING)
    (<PlayState.PLAYED: 'played'>, None)
    """
    if status not in FINAL:
        return None
    if before == PlayState.PLAYING:
        return PlayState.PLAYED
    return _UNANSWERED.get(status, PlayState.FAILED)
