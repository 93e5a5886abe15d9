"""Which window a visit can have at all, who may book it, and why it is canceled. Pure.

``conflicts`` finds what needs a confirmation.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from ivr.company.hours.rules import Calendar, local, moment
from ivr.core.errors import Refusal

LONGEST_REASON: Final = 200
LONGEST_WINDOW: Final = timedelta(hours=12)
AHEAD_AT_MOST: Final = timedelta(days=365)
#: How far back a window may begin: a visit may be noted afterwards.
BACK_AT_MOST: Final = timedelta(days=30)

_FAR_AHEAD: Final = "Pick a day within a year."
_HOW_TO_WRITE: Final = "Enter a time, such as 09:30, or 15:30 for 3:30 PM."
_SKIPPED: Final = "The clocks skip that time that night. Pick another."


class Window(NamedTuple):
    """The time span in which the technician arrives; both datetimes are aware."""

    starts_at: datetime
    ends_at: datetime


class Who(NamedTuple):
    """Who makes a visit: somebody of the roster by their id, or nobody yet; at the site, or from afar."""

    technician_id: int | None
    is_remote: bool


NOBODY: Final = Who(None, is_remote=False)


class Mark(StrEnum):
    """What the technician notes on the day of the visit, in its order."""

    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    DONE = "done"


class CancelReason(StrEnum):
    """Why a visit is canceled."""

    ASKED = "asked"
    OURS = "ours"
    SITE = "site"
    SOLVED = "solved"


class BadWindowError(Refusal):
    """The window is impossible. ``errors`` gives the reason by field: ``day``, ``from`` and ``to``."""

    message = "That time window isn't possible."

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


class NotPaidError(Refusal):
    message = "The visit is not paid yet. Only the owner may book it before, with a reason."


class NoReasonError(Refusal):
    message = "Enter a short reason for booking it unpaid, 200 characters at most."


class NoCancelReasonError(Refusal):
    message = "Pick the reason."


class LongWordsError(Refusal):
    message = "Use 200 characters at most."


class ChangedMeanwhileError(Refusal):
    message = (
        "Someone else has just booked, moved or canceled the visit. Check it now: your change was not made."
    )


def read(typed: Mapping[str, str], calendar: Calendar) -> Window:
    """Read the window as typed, in the company's local time. Raises BadWindowError."""
    found: dict[str, Any] = {}
    errors = {}
    for name, (reads, empty, unreadable) in _FIELDS.items():
        try:
            found[name] = reads(typed[name])
        except ValueError:
            errors[name] = unreadable if typed[name] else empty
    if errors:
        raise BadWindowError(errors)
    walls = {end: datetime.combine(found["day"], found[end]) for end in ("from", "to")}
    try:
        moments = {end: moment(calendar, wall) for end, wall in walls.items()}
        shown = {end: local(calendar, at).replace(tzinfo=None) for end, at in moments.items()}
    except OverflowError as error:
        raise BadWindowError({"day": _FAR_AHEAD}) from error
    if skipped := {end: _SKIPPED for end in walls if shown[end] != walls[end]}:
        raise BadWindowError(skipped)
    return Window(moments["from"], moments["to"])


def read_possible(typed: Mapping[str, str], calendar: Calendar, *, now: datetime) -> Window:
    """Read a window that a visit can have. Raises BadWindowError."""
    window = read(typed, calendar)
    check_window(window, now=now)
    return window


def check_window(window: Window, *, now: datetime) -> None:
    """Raise BadWindowError."""
    errors = {}
    if window.starts_at > now + AHEAD_AT_MOST:
        errors["day"] = _FAR_AHEAD
    elif window.starts_at < now - BACK_AT_MOST:
        errors["day"] = f"Pick a day that is at most {BACK_AT_MOST.days} days back."
    if window.ends_at <= window.starts_at:
        errors["to"] = "The end must be after the start."
    elif window.ends_at - window.starts_at > LONGEST_WINDOW:
        errors["to"] = "A window lasts at most 12 hours."
    if errors:
        raise BadWindowError(errors)


def check_paid(*, is_paid: bool, is_owner: bool, reason: str | None) -> None:
    """Raise NotPaidError, NoReasonError."""
    if is_paid:
        return
    if not is_owner:
        raise NotPaidError
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise NoReasonError


def read_cancellation(because: str, words: str) -> tuple[CancelReason, str | None]:
    """Return the reason and the words to the customer, if any. Raises NoCancelReasonError, LongWordsError."""
    if because not in {*CancelReason}:
        raise NoCancelReasonError
    told = " ".join(words.split())
    if len(told) > LONGEST_REASON or not told.isprintable():
        raise LongWordsError
    return CancelReason(because), told or None


def _time(typed: str) -> time:
    """Raise ValueError."""
    found = time.fromisoformat(typed)
    if found.tzinfo is not None:
        raise ValueError(f"{typed!r} is not what a clock on the wall shows")
    return found


#: For each field: its parser, the message when it is empty, and the format that it asks for.
_FIELDS: Final[Mapping[str, tuple[Callable[[str], date | time], str, str]]] = {
    "day": (date.fromisoformat, "Pick a day.", "Enter the day, such as 2026-12-07."),
    "from": (_time, "Pick the start.", _HOW_TO_WRITE),
    "to": (_time, "Pick the end.", _HOW_TO_WRITE),
}
