"""What stories of the owner at her telephone share."""

from datetime import datetime

from ivr.company.hours import service as hours
from ivr.company.hours.models import Closing
from ivr.company.policy.models import Audit
from tests.support.world import LINE, World
from twilio_simulator import Handset

PIN = "481516"


def lets_in(ruth: Handset) -> Handset:
    """By day, when the line is open."""
    ruth.dials(LINE).hears("For an onsite visit").presses("*").hears("Enter your PIN").presses(f"{PIN}#")
    return ruth.hears("We're open until 4 p.m. Pacific")


def closes(ruth: Handset) -> Handset:
    """For the rest of the day."""
    lets_in(ruth).hears("Press 1 to close until tomorrow, 2 until Wednesday").presses("1")
    ruth.hears("open again tomorrow, Tuesday, at 7 a.m. Pacific. If that is right, press 1").presses("1")
    return ruth.hears("The line is closed until tomorrow, Tuesday, at 7 a.m. Pacific")


def closings(world: World) -> list[tuple[datetime, bool]]:
    """Until when it was to be closed, and whether it was opened before."""
    with world.database.reading() as look:
        return [(one.until_at, one.ended_at is not None) for one in look.query(Closing).order_by(Closing.id)]


def audited(world: World) -> list[tuple[str, str, str, str]]:
    with world.database.reading() as look:
        lines = look.query(Audit).order_by(Audit.id)
        return [(one.staff_name, one.subject, one.before, one.after) for one in lines][1:]


def is_open(world: World) -> bool:
    with world.database.reading():
        return hours.status_now().open
