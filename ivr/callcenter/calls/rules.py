"""The order of what the network reports. Pure.

Twilio fires status callbacks in order but does not promise that they arrive so, or at all; the rank decides.
"""

from typing import Final

RANK: Final = {
    "queued": 0,
    "initiated": 1,
    "ringing": 2,
    "in-progress": 3,
    "completed": 4,
    "busy": 4,
    "no-answer": 4,
    "failed": 4,
    "canceled": 4,
}
FINAL: Final = frozenset(status for status, rank in RANK.items() if rank == RANK["completed"])


#: What may happen in a conference (Twilio, Conference statusCallbackEvent).
CONFERENCE_EVENTS: Final = frozenset(
    {"conference-start", "conference-end", "announcement-start", "announcement-end", "announcement-fail"}
    | {f"participant-{what}" for what in ("join", "leave", "mute", "unmute", "hold", "unhold", "modify")}
    | {f"participant-speech-{what}" for what in ("start", "stop")}
)


def is_news(status: str, *, known: str) -> bool:
    """Whether a reported status moves a leg forward. A final one is never reopened, an unknown one changes nothing."""
    return RANK.get(status, -1) > RANK[known]
