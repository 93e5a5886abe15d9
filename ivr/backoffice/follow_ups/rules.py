"""What is followed up, when, by whom, and when a customer is reminded. Pure: the time is an argument."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from ivr.company.hours import open_time
from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import Calendar

LONGEST_NOTE: Final = 300
#: Letters about one estimate, whatever they are about.
REMINDERS_AT_MOST: Final = 2
REMINDERS_APART: Final = timedelta(days=1)
#: A shorter conversation needs no wrap-up.
TALKED_AT_LEAST: Final = timedelta(seconds=60)
#: Time to write down what a call came to, before anybody is asked for it.
WRITING_TAKES: Final = timedelta(minutes=15)
#: Open time in which a message is heard without being asked for it.
HEARD_WITHIN: Final = timedelta(hours=1)


class Cause(StrEnum):
    """Why there is a follow-up."""

    #: The customer has not opened the estimate, or its letter was returned.
    UNOPENED = "unopened"
    UNPAID = "unpaid"
    #: The estimate's last day is near.
    EXPIRING = "expiring"
    #: Nobody wrote down what a conversation came to.
    NO_WRAP_UP = "no_wrap_up"
    #: Nobody heard the message that a caller left.
    UNHEARD = "unheard"


#: About an estimate, in the order in which they come: it has one open follow-up at a time.
OF_ESTIMATES: Final = (Cause.UNOPENED, Cause.UNPAID, Cause.EXPIRING)
#: Open time in which the owner of a follow-up deals with it.
DUE_WITHIN: Final[Mapping[Cause, timedelta]] = {
    Cause.UNOPENED: timedelta(hours=4),
    Cause.UNPAID: timedelta(hours=8),
    Cause.EXPIRING: timedelta(hours=4),
    Cause.NO_WRAP_UP: timedelta(hours=2),
    Cause.UNHEARD: timedelta(hours=1),
}


class Ending(StrEnum):
    """How a follow-up ended: by a person, or by itself when its cause did."""

    REACHED = "reached"
    NO_INTEREST = "no_interest"
    SENT_ANEW = "sent_anew"
    MISTAKE = "mistake"
    NOTED = "noted"
    OPENED = "opened"
    PAID = "paid"
    #: The bank was told to pay, and the money is on its way.
    PAYING = "paying"
    #: The customer has talked with us since.
    ANSWERED = "answered"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    #: Nobody can pay the estimate any more: lost.
    EXPIRED = "expired"
    #: The next one about the same estimate is in its place.
    CONTINUED = "continued"
    WRAPPED_UP = "wrapped_up"
    HEARD = "heard"
    VISIT_CANCELED = "visit_canceled"
    MATTER_CLOSED = "matter_closed"
    #: What it was about was deleted.
    GONE = "gone"


#: What a person may say that it came to, by what it is about.
_ANY: Final = (Ending.REACHED, Ending.NO_INTEREST)
CHOICES: Final[Mapping[Cause, tuple[Ending, ...]]] = {
    **dict.fromkeys(OF_ESTIMATES, (*_ANY, Ending.SENT_ANEW, Ending.MISTAKE)),
    Cause.NO_WRAP_UP: (Ending.NOTED, *_ANY, Ending.MISTAKE),
    Cause.UNHEARD: (*_ANY, Ending.NOTED, Ending.MISTAKE),
}


@dataclass(frozen=True)
class Timing:
    """The owner's settings: after how much open time, after how many days, and how many days before the end."""

    unopened: timedelta
    unpaid: timedelta
    expiring: timedelta


@dataclass(frozen=True)
class Sent:
    """An estimate that can still be paid. ``expires_at`` is the end of its last day."""

    mailed_at: datetime
    expires_at: datetime
    is_opened: bool
    #: The letter bounced, or could not be sent.
    is_returned: bool


def cause_of(sent: Sent, timing: Timing, calendar: Calendar, now: datetime) -> Cause | None:
    """Return why this estimate is to be followed up now: of several causes the one that comes last."""
    ends = _in_hours(calendar, sent.expires_at - timing.expiring, before=sent.expires_at)
    if now >= ends and sent.mailed_at < sent.expires_at - timing.expiring:
        return Cause.EXPIRING
    if now >= _in_hours(calendar, sent.mailed_at + timing.unpaid, before=sent.expires_at):
        return Cause.UNPAID
    if sent.is_opened:
        return None
    is_late = now >= open_time.after(calendar, sent.mailed_at, timing.unopened)
    return Cause.UNOPENED if sent.is_returned or is_late else None


def _in_hours(calendar: Calendar, at: datetime, *, before: datetime) -> datetime:
    """Return that moment, or the next opening when that is early enough."""
    opens = hours_rules.within_hours(calendar, at)
    return opens if opens < before else at


def due_at(cause: Cause, calendar: Calendar, now: datetime) -> datetime:
    """Return by when a follow-up that is made now is to be dealt with, within opening hours."""
    return open_time.after(calendar, now, DUE_WITHIN[cause])


def may_remind(reminded: Sequence[datetime], now: datetime) -> bool:
    """Whether one more letter about an estimate may go out, after those."""
    return len(reminded) < REMINDERS_AT_MOST and all(now - at >= REMINDERS_APART for at in reminded)


@dataclass(frozen=True)
class Talk:
    """A span in which a member of staff was with the customer."""

    staff_id: int
    since: datetime
    until: datetime

    @property
    def lasts(self) -> timedelta:
        return max(timedelta(), self.until - self.since)


def needs_wrap_up(talks: Collection[Talk]) -> bool:
    """Whether somebody talked long enough for the call to need a wrap-up."""
    return sum((one.lasts for one in talks), timedelta()) >= TALKED_AT_LEAST


#: Lines of the timeline that say what a conversation came to.
_SAY_IT: Final = frozenset(
    {
        *("quote_sent", "price_promised", "booked", "booking_moved", "booking_cancelled", "visit_done"),
        *("matter_closed", "no_callback_needed", "callback_closed_by", "number_refused"),
    }
)
_WRITTEN: Final = frozenset({"wrap_up", "wrap_up_note", "notes"})


def says_what_came(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether this line of the timeline says what a conversation came to: a decision, or a note."""
    return kind in _SAY_IT or (kind == "fields_filled" and not _WRITTEN.isdisjoint(data.get("fields") or ()))


@dataclass(frozen=True)
class Estimated:
    """A follow-up about an estimate, for the sums. ``paid_cents``: what its matter has paid since it was made."""

    intake_id: int
    kind: str
    version: int
    cents: int
    paid_cents: int


def at_stake(followed: Iterable[Estimated]) -> int:
    """Return the cents of the estimates that were followed up; of several versions of one, those of the newest."""
    newest: dict[tuple[int, str], Estimated] = {}
    for one in sorted(followed, key=lambda one: one.version):
        newest[one.intake_id, one.kind] = one
    return sum(one.cents for one in newest.values())


def came_of_it(followed: Iterable[Estimated]) -> int:
    """Return the cents that were paid after a follow-up, each matter once."""
    paid: dict[int, int] = {}
    for one in followed:
        paid[one.intake_id] = max(paid.get(one.intake_id, 0), one.paid_cents)
    return sum(paid.values())
