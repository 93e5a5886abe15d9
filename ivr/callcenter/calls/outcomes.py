"""How a leg that we rang ended, a customer's or a member of staff's. Pure."""

from enum import StrEnum
from typing import Final, assert_never

from ivr.callcenter.calls.dialogue import Heard
from ivr.callcenter.calls.rules import CallStatus


class Outcome(StrEnum):
    """Whether whoever was rung was reached, and if not, why."""

    #: A person pressed the key, or said it.
    REACHED = "reached"
    #: A telephone asked who is calling, and its owner did not come.
    SCREENED = "screened"
    #: A mailbox, another machine, or nobody who said a word.
    MAILBOX = "mailbox"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    #: A person picked up and did not want the call: the key 9, hung up, or words and no key.
    DECLINED = "declined"
    #: The network could not reach the telephone.
    FAILED = "failed"


#: Nobody can have said a word.
_UNANSWERED: Final = {
    CallStatus.BUSY: Outcome.BUSY,
    CallStatus.NO_ANSWER: Outcome.NO_ANSWER,
    CallStatus.FAILED: Outcome.FAILED,
}


def of_end(status: CallStatus, heard: Heard | None) -> Outcome | None:
    """Return how a leg ended that has this last status and where no key was pressed; None when we withdrew the ring."""
    if status == CallStatus.CANCELED:
        return None
    return _UNANSWERED.get(status) or _without_key(heard, hung_up=True)


def of_silence(heard: Heard | None) -> Outcome:
    """Return how a leg ended that was answered, and where no key was pressed in all the time that we waited."""
    return _without_key(heard, hung_up=False)


def _without_key(heard: Heard | None, *, hung_up: bool) -> Outcome:
    match heard:
        case Heard.SCREENING:
            return Outcome.SCREENED
        case Heard.MAILBOX | Heard.MACHINE:
            return Outcome.MAILBOX
        case Heard.GREETING | Heard.YES:
            return Outcome.DECLINED
        case None:
            return Outcome.DECLINED if hung_up else Outcome.MAILBOX
    assert_never(heard)
