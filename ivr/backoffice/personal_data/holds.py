"""Holds: what must be kept for a dispute, an inspection or a court is not deleted, whoever asks."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update

from ivr.backoffice.personal_data.models import LONGEST_WHY, Hold
from ivr.callcenter.intake.models import Intake
from ivr.company.policy import service as policy
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.core.errors import Refusal
from ivr.platform.timeline import service as timeline


class NoReasonError(Refusal):
    message = f"Enter a short reason for the hold, {LONGEST_WHY} characters at most."


class PastError(Refusal):
    message = "A hold ends on a day in the future."


class NothingHeldError(Refusal):
    message = "There is nothing to hold: no intake was chosen."


def place(intake_ids: Collection[int], *, why: str, until: datetime, by: Somebody) -> None:
    """Hold these matters until that moment. Raises NoReasonError, PastError, NothingHeldError."""
    words, now = " ".join(why.split()), clock.now()
    if not (0 < len(words) <= LONGEST_WHY and words.isprintable()):
        raise NoReasonError
    if until <= now:
        raise PastError
    matters = session.execute(select(Intake.id, Intake.reference).where(Intake.id.in_(intake_ids))).all()
    if not matters:
        raise NothingHeldError
    for matter in matters:
        session.add(
            Hold(intake_id=matter.id, why=words, placed_by=by.name[:100], placed_at=now, until_at=until)
        )
        timeline.append(
            matter.id, "hold_placed", key=now.isoformat(), staff=by.name, due_at=until.isoformat()
        )
        policy.record(f"Hold on {matter.reference}", "", f"until {until:%Y-%m-%d}", by)


def lift(hold_id: int, *, by: Somebody) -> bool:
    """End a hold before its time. Returns whether it was in force."""
    ours = Hold.id == hold_id, Hold.lifted_at.is_(None)
    if not changed(update(Hold).where(*ours).values(lifted_at=clock.now(), lifted_by=by.name[:100])):
        return False
    hold = session.get_one(Hold, hold_id, populate_existing=True)
    reference = session.scalar(select(Intake.reference).where(Intake.id == hold.intake_id))
    timeline.append(hold.intake_id, "hold_lifted", key=str(hold_id), staff=by.name)
    policy.record(f"Hold on {reference}", f"until {hold.until_at:%Y-%m-%d}", "lifted", by)
    return True


def is_held(intake_id: object) -> ColumnElement[bool]:
    """SQL condition: a hold on the intake with this id, which may be a column, is in force."""
    return exists().where(Hold.intake_id == intake_id, Hold.lifted_at.is_(None), Hold.until_at > clock.now())


def in_force() -> list[tuple[Hold, str]]:
    """Return the holds in force, each with its matter's reference, the soonest to end first."""
    rows = select(Hold, Intake.reference).join(Intake, Intake.id == Hold.intake_id)
    now = clock.now()
    found = session.execute(rows.where(Hold.lifted_at.is_(None), Hold.until_at > now).order_by(Hold.until_at))
    return [(hold, reference) for hold, reference in found]


def of_intake(intake_id: int) -> Hold | None:
    """Return the hold that is in force on this intake; None when nothing holds it."""
    ours = Hold.intake_id == intake_id, Hold.lifted_at.is_(None), Hold.until_at > clock.now()
    return session.scalar(select(Hold).where(*ours).order_by(Hold.until_at.desc()).limit(1))
