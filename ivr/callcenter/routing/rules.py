"""Which member of staff is rung next. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ivr.callcenter.calls.outcomes import Outcome


class OfferState(StrEnum):
    """The state of an offer. All but the first three are outcomes: why it was not accepted."""

    RINGING = "ringing"
    #: Answered: the brief plays.
    BRIEFING = "briefing"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    #: Answered, but no key was pressed: a mailbox, a telephone that screens its calls, or silence.
    UNACCEPTED = "unaccepted"
    #: No longer wanted: the caller has left, or another member of staff was first.
    CANCELED = "canceled"


#: The telephone rings, or the brief plays.
OPEN: Final = frozenset({OfferState.RINGING, OfferState.BRIEFING})
#: Not accepted.
OUTCOMES: Final = frozenset(OfferState) - OPEN - {OfferState.ACCEPTED}

#: How often each technician is asked before the caller is told that everybody is busy.
ROUNDS: Final = 2

#: The state of an offer by how its leg ended; None: withdrawn.
STATE_OF_OUTCOME: Final[Mapping[Outcome | None, OfferState]] = {
    Outcome.REACHED: OfferState.ACCEPTED,
    Outcome.SCREENED: OfferState.UNACCEPTED,
    Outcome.MAILBOX: OfferState.UNACCEPTED,
    Outcome.NO_ANSWER: OfferState.NO_ANSWER,
    Outcome.BUSY: OfferState.BUSY,
    Outcome.DECLINED: OfferState.DECLINED,
    Outcome.FAILED: OfferState.FAILED,
    None: OfferState.CANCELED,
}


#: So many rings in a row that nobody answers, and a member of staff is away for a while.
UNANSWERED: Final = 2
#: Nobody picked up, or nobody who could press a key. A telephone that is busy is in somebody's hand, a decline is an
#: answer, and a failure is the network's.
NOT_ANSWERED: Final = frozenset({Outcome.NO_ANSWER, Outcome.MAILBOX, Outcome.SCREENED})
#: For pages and letters.
UNANSWERED_REASON: Final = "Two calls not answered"


def is_needed(
    theirs: Collection[str], others: Collection[Collection[str]], promised: Collection[str]
) -> bool:
    """Return whether calls would find nobody if this member of staff were away.

    All three are languages: their own, those of each other who could be rung in their role, those that callers are
    offered.
    """
    return not others or any(
        all(language not in other for other in others) for language in theirs if language in promised
    )


@dataclass(frozen=True)
class Candidate:
    """A member of staff as the choice sees them."""

    id: int
    languages: frozenset[str]
    is_free: bool
    idle_since: datetime


@dataclass(frozen=True)
class Choice:
    """Whom to ring now, and who else at the same time. ``wait``: all are engaged. Neither: no one is left to ask."""

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
    """Choose the free member of staff who speaks the language, was asked least and has been idle longest.

    ``at_once``: choose the others who were asked least as well; the first to accept gets the caller. ``asked``
    counts the offers of this wait by member of staff. A caller is offered only to staff who speak the language:
    when none of them is on shift, an interpreter is arranged and the caller is rung back.
    """
    willing = _willing(candidates, asked, language, rounds)
    free = [one for one in willing if one.is_free]
    if not free:
        return Choice(wait=bool(willing))
    fewest = min(asked.get(one.id, 0) for one in free)
    best, *others = sorted(
        (one for one in free if asked.get(one.id, 0) == fewest), key=lambda one: (one.idle_since, one.id)
    )
    return Choice(ring=best, also=tuple(others) if at_once else ())


def next_on_call(in_turn: Iterable[Candidate], asked: Mapping[int, int], language: str) -> Choice:
    """Choose the first in turn who is free and speaks the language: each is rung twice before the next."""
    willing = _willing(in_turn, asked, language, ROUNDS)
    ring = next((one for one in willing if one.is_free), None)
    return Choice(ring=ring, wait=ring is None and bool(willing))


def _willing(
    candidates: Iterable[Candidate], asked: Mapping[int, int], language: str, rounds: int
) -> list[Candidate]:
    return [one for one in candidates if language in one.languages and asked.get(one.id, 0) < rounds]
