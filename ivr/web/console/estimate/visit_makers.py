"""Whom the form of a booking offers: who is free in its window comes first."""

from collections.abc import Mapping

from ivr.backoffice.estimates.bookings import rules as bookings_rules
from ivr.backoffice.estimates.bookings import technicians
from ivr.backoffice.estimates.bookings.technicians import Candidate
from ivr.callcenter.intake.stages import Stage
from ivr.core import clock
from ivr.web.console.estimate.section import Section


def choices(section: Section, typed: Mapping[str, str] | None) -> list[Candidate]:
    """Return who makes visits, for the window that was typed, else that is booked; without one, all by name."""
    booking, intake = section.booking, section.intake
    if not (booking or section.in_force) or intake.stage in {Stage.DONE, Stage.CLOSED}:
        return []
    window, is_remote = booking.window if booking else None, booking.is_remote if booking else False
    if typed:
        is_remote = bool(typed.get("remote"))
        try:
            window = bookings_rules.read_possible(typed, section.calendar, now=clock.now())
        except bookings_rules.BadWindowError:
            window = None
    if window is None:
        return [Candidate(one.id, one.name, one.role, None) for one in technicians.everybody()]
    visit = technicians.as_visit(intake.id, intake.reference, window, is_remote=is_remote)
    return technicians.crew(*visit.span, besides=intake.id).candidates(visit)
