"""What the technician notes on the day of the visit: on the way, arrived, done. Each takes the ones before with it."""

from datetime import datetime, timedelta
from typing import Final

from ivr.backoffice.estimates.bookings import service
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import Mark
from ivr.callcenter.intake import matters
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.hours import service as hours
from ivr.company.hours.rules import local
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.errors import Refusal
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline

#: A wrong tap is taken back for so long; later the office does it.
UNDONE_FOR: Final = timedelta(hours=1)
#: The customer is told that somebody is on the way after so long, so that a wrong tap tells nobody.
TOLD_AFTER: Final = timedelta(seconds=20)


class NotYoursError(Refusal):
    message = "This visit isn't yours anymore. Your page shows the current state."


class TooEarlyError(Refusal):
    message = "This visit is on another day."


class NothingToUndoError(Refusal):
    message = "There's nothing to undo. After an hour only the office can do it."


def latest(booking: Booking) -> Mark | None:
    """Return what was noted last; None on a day that has not begun."""
    return next((mark for mark in reversed(Mark) if _at(booking, mark) is not None), None)


def note(intake_id: int, mark: Mark, *, by: Somebody, seen: int) -> Booking:
    """Note it, and what must have come before it. What is noted already, or was passed, changes nothing.

    ``seen`` is the sequence of the booking on their page.
    Raises NotBookedError, NotYoursError, ChangedMeanwhileError, TooEarlyError, OutOfOrderError.
    """
    intake, booking = _theirs(intake_id, by, seen)
    now, calendar = clock.now(), hours.calendar()
    if local(calendar, now).date() < local(calendar, booking.starts_at).date():
        raise TooEarlyError
    if _at(booking, mark) is not None:
        return booking
    if intake.stage != Stage.BOOKED:
        raise service.NotBookedError
    for one in Mark:
        if _at(booking, one) is None and not (one is Mark.ON_THE_WAY and booking.is_remote):
            setattr(booking, f"{one}_at", now)
        if one is mark:
            break
    if mark is Mark.DONE:
        matters.visit_done(intake, by=by)
        return booking
    because = "remote" if booking.is_remote else "site"
    timeline.append(intake_id, f"visit_{mark}", staff=by.name, because=because)
    if mark is Mark.ON_THE_WAY:
        enqueue(
            "visits.tell_on_the_way",
            run_at=now + TOLD_AFTER,
            intake_id=intake_id,
            sequence=booking.sequence,
            at=now.isoformat(),
        )
    return booking


def undo(intake_id: int, *, by: Somebody, seen: int) -> Booking:
    """Take the last mark back, with those that it took along.

    Raises NotBookedError, NotYoursError, ChangedMeanwhileError, NothingToUndoError.
    """
    intake, booking = _theirs(intake_id, by, seen)
    mark = latest(booking)
    at = _at(booking, mark) if mark else None
    if mark is None or at is None or at < clock.now() - UNDONE_FOR:
        raise NothingToUndoError
    if mark is Mark.DONE:
        matters.not_done(intake, by=by)
    for one in Mark:
        if _at(booking, one) == at:
            setattr(booking, f"{one}_at", None)
    timeline.append(intake_id, "visit_mark_undone", staff=by.name, mark=mark)
    return booking


def not_done(intake_id: int) -> None:
    """Take back that the visit is done: the office has said so."""
    booking = service.find_booking(intake_id)
    if booking is not None:
        booking.done_at = None


def _theirs(intake_id: int, by: Somebody, seen: int) -> tuple[Intake, Booking]:
    intake = intakes.lock(intake_id)
    booking = service.find_booking(intake_id)
    if booking is None:
        raise service.NotBookedError
    if booking.technician_id != by.id:
        raise NotYoursError
    service.check_seen(booking, seen)
    return intake, booking


def _at(booking: Booking, mark: Mark) -> datetime | None:
    at: datetime | None = getattr(booking, f"{mark}_at")
    return at
