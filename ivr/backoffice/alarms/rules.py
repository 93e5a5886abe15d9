"""When an alarm is told, to which channels, and when it is over. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ivr.company.policy.causes import Cause
from ivr.core.money import format_cents

#: A cause that comes back within this time is the same alarm. So what flaps is told once, and its end once.
COOLING: Final = timedelta(minutes=10)
#: A cause that may pass by itself is told when it has lasted this long.
PATIENCE: Final = {
    Cause.NO_TECHNICIAN: timedelta(minutes=1),
    Cause.NO_OPERATOR: timedelta(minutes=1),
    # Between two rings nobody is rung.
    Cause.ON_CALL: timedelta(seconds=30),
    Cause.NETWORK: timedelta(minutes=1),
}
#: A due job that has waited this long finds no worker.
WORKER_AWAY: Final = timedelta(seconds=90)
#: What was begun longer ago was begun by a process that has died: no attempt to send takes as long.
LASTS: Final = timedelta(seconds=60)
#: Steps of escalation that a channel may have: at once, and after one or two waits without an acknowledgement.
STEPS: Final = (0, 1, 2)


class ChannelKind(StrEnum):
    """How an alarm leaves."""

    MAIL = "mail"
    #: Slack, Teams, ntfy and others, by apprise.
    SERVICE = "service"
    #: A call to a person, who acknowledges with a key.
    PHONE = "phone"


class What(StrEnum):
    """What a notice says."""

    RAISED = "raised"
    OVER = "over"
    TEST = "test"


class NoticeState(StrEnum):
    """What has become of a notice."""

    QUEUED = "queued"
    SENT = "sent"
    #: Tried as often as is sensible, or refused for good.
    FAILED = "failed"
    #: Twice its process died while it sent: it may have arrived.
    UNKNOWN = "unknown"
    #: Acknowledged, or over, before it was sent.
    DROPPED = "dropped"


@dataclass(frozen=True)
class Finding:
    """A cause that holds now. ``about`` is a reference or a language, ``figure`` seconds, a count or cents."""

    cause: Cause
    about: str | None = None
    figure: int | None = None
    #: What tells it from others of the same cause, where there may be several.
    apart: str = ""

    @property
    def key(self) -> str:
        return f"{self.cause}:{self.apart}" if self.apart else self.cause


@dataclass(frozen=True)
class Way:
    """A channel, as far as these rules ask."""

    id: int
    step: int
    causes: Collection[str]


def steps_of(cause: Cause, ways: Sequence[Way]) -> list[list[int]]:
    """Return the channels that get this cause, by id, in the order in which they are told.

    Where nobody is told at once, whoever comes next is: a step that is empty costs no time.
    """
    theirs = [one for one in ways if cause in one.causes]
    return [[one.id for one in theirs if one.step == step] for step in sorted({one.step for one in theirs})]


def told_up_to(
    steps: int,
    *,
    told: int,
    cause: Cause,
    raised_at: datetime,
    told_at: datetime | None,
    now: datetime,
    every: timedelta,
    is_quiet: bool,
) -> int:
    """Return how many of the steps must have been told by now, for an alarm that nobody has acknowledged.

    ``told`` of them have been, the first at ``told_at``. In quiet hours nothing is added.
    """
    if is_quiet or now - raised_at < PATIENCE.get(cause, timedelta()):
        return told
    if told_at is None:
        return min(1, steps)
    return max(told, min(steps, 1 + (now - told_at) // every))


def is_quiet(wall: int, begins: int | None, ends: int | None) -> bool:
    """Return whether this time of day is in the quiet hours, which may go on past midnight. All in minutes since it."""
    if begins is None or ends is None or begins == ends:
        return False
    return begins <= wall < ends if begins < ends else wall >= begins or wall < ends


def sentence(cause: Cause, about: str | None, figure: int | None) -> str:  # noqa: C901, PLR0912  # one case for each cause
    """Return what has happened, in one sentence without a name or a number of anybody."""
    match cause:
        case Cause.WAITING:
            return f"A caller has waited in line for {_minutes(figure)}: {about}."
        case Cause.NO_TECHNICIAN:
            return f"The line is open, and no technician who speaks {about} is on shift."
        case Cause.NO_OPERATOR:
            return "The line is open, and no operator is on shift."
        case Cause.ON_CALL:
            if about is None:
                return "The line is closed, and nobody on call is available."
            return f"The line is closed, and nobody on call took an emergency: {about}."
        case Cause.UNANSWERED:
            return (
                f"{'An' if about == 'operator' else 'A'} {about} has not answered {figure} calls in a row. They still "
                "get calls, because nobody else can take them."
            )
        case Cause.CALLBACK:
            return f"{figure} callback{'s are' if figure != 1 else ' is'} overdue, the oldest for {about}."
        case Cause.PAYMENT:
            return f"There is a payment issue with {about}."
        case Cause.DISPUTE:
            return f"A customer disputes a payment for {about}."
        case Cause.NETWORK:
            return "The phone network is not responding: no phone can ring."
        case Cause.WORKER:
            return f"The worker does not run: a job has waited for {_minutes(figure)}. No phone rings."
        case Cause.CONTINUITY:
            calls = f"{figure} call{'s' if figure != 1 else ''}"
            return f"The service was down: the backup took {calls} within a quarter of an hour."
        case Cause.SPENDING:
            return f"Today's calls have cost {format_cents(figure or 0)}, more than the limit that is set."


def _minutes(seconds: int | None) -> str:
    seconds = seconds or 0
    return f"{seconds} seconds" if seconds < 120 else f"{seconds // 60} minutes"
