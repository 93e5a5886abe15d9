"""The order of what the network reports. Pure.

Twilio sends status callbacks in order, but does not promise that they arrive in order, or at all. The rank
decides.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CallStatus(StrEnum):
    """The status of a leg (Twilio, CallStatus)."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"


class Shield(StrEnum):
    """What an inbound call met before anything else."""

    #: The caller was asked to press a key.
    ASKED = "asked"
    #: The number is refused: the caller may leave a message.
    REFUSED = "refused"


FINAL: Final = frozenset(
    {
        CallStatus.COMPLETED,
        CallStatus.BUSY,
        CallStatus.NO_ANSWER,
        CallStatus.FAILED,
        CallStatus.CANCELED,
    }
)
RANK: Final[Mapping[CallStatus, int]] = {
    CallStatus.QUEUED: 0,
    CallStatus.INITIATED: 1,
    CallStatus.RINGING: 2,
    CallStatus.IN_PROGRESS: 3,
    **dict.fromkeys(FINAL, 4),
}


#: What may happen in a conference (Twilio, Conference statusCallbackEvent).
CONFERENCE_EVENTS: Final = frozenset(
    {"conference-start", "conference-end", "announcement-start", "announcement-end", "announcement-fail"}
    | {f"participant-{what}" for what in ("join", "leave", "mute", "unmute", "hold", "unhold", "modify")}
    | {f"participant-speech-{what}" for what in ("start", "stop")}
)


def understood(word: str) -> CallStatus | None:
    """Return the status that the network named; None for an unknown word."""
    return next((status for status in CallStatus if status == word), None)


def before(status: CallStatus) -> frozenset[CallStatus]:
    """Return the statuses that this one moves a leg forward from. A final status is never reopened."""
    return frozenset(known for known, rank in RANK.items() if rank < RANK[status])


def is_news(status: CallStatus, *, known: CallStatus) -> bool:
    """Return whether a reported status moves a leg forward."""
    return known in before(status)
