"""Who is rung next. Pure: candidates and counts in, one of them out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ivr.callcenter.calls.rules import CallStatus


class OfferState(StrEnum):
    """Where an offer is. All but the first three are outcomes: it was not accepted, and why."""

    RINGING = "ringing"
    #: Picked up: the brief is being heard.
    BRIEFING = "briefing"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    #: Somebody or something picked up and did not press 1: silence, or a voicemail.
    UNACCEPTED = "unaccepted"
    #: No longer wanted: the caller has gone, or another was first.
    CANCELED = "canceled"


#: The telephone rings, or the brief is being heard.
OPEN: Final = frozenset({OfferState.RINGING, OfferState.BRIEFING})
#: Not accepted.
OUTCOMES: Final = frozenset(OfferState) - OPEN - {OfferState.ACCEPTED}

#: How often each is asked before the caller is told that nobody came.
ROUNDS: Final = 2

#: The last status of an outbound leg that was not accepted, as the outcome of its offer.
OUTCOME_OF_STATUS: Final[Mapping[CallStatus, OfferState]] = {
    CallStatus.BUSY: OfferState.BUSY,
    CallStatus.NO_ANSWER: OfferState.NO_ANSWER,
    CallStatus.FAILED: OfferState.FAILED,
    CallStatus.CANCELED: OfferState.CANCELED,
    CallStatus.COMPLETED: OfferState.UNACCEPTED,
}


@dataclass(frozen=True)
class Candidate:
    """A member of staff as the choice sees them."""

    id: int
    languages: frozenset[str]
    is_free: bool
    idle_since: datetime


@dataclass(frozen=True)
class Choice:
    """Whom to ring now, and who else at the same time; nobody, but somebody will be free; or nobody at all."""

    ring: Candidate | None = None
    also: tuple[Candidate, ...] = ()
    wait: bool = False


def next_to_ring(
    candidates: Iterable[Candidate],
    asked: Mapping[int, int],
    language: str,
    *,
    rounds: int = ROUNDS,
    at_once: bool = False,
) -> Choice:
    """The one idle longest who speaks the language, of those asked least; never one who is engaged.

    ``at_once``: the others of those asked least as well, for the first to accept.
    ``asked`` counts the offers of this wait by member of staff. Nobody is offered a caller they cannot talk with: when
    nobody on shift speaks the language, an interpreter is arranged and the caller rung back.
    """
    speakers = [one for one in candidates if language in one.languages]
    willing = [one for one in speakers if asked.get(one.id, 0) < rounds]
    if not willing:
        return Choice()
    free = [one for one in willing if one.is_free]
    if not free:
        return Choice(wait=True)
    fewest = min(asked.get(one.id, 0) for one in free)
    best, *others = sorted(
        (one for one in free if asked.get(one.id, 0) == fewest), key=lambda one: (one.idle_since, one.id)
    )
    return Choice(ring=best, also=tuple(others) if at_once else ())
