"""Numbers that an operator or the owner has refused. A refusal ends by itself, and can be taken back."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, delete, exists, or_, select

from ivr.callcenter.intake.models import Intake
from ivr.callcenter.shield import rules
from ivr.callcenter.shield.models import RefusedNumber
from ivr.company.policy import service as policy
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.db import UTCDateTime, changed, run, session
from ivr.core.errors import Refusal
from ivr.platform.timeline import service as timeline


class NoReasonError(Refusal):
    message = "Enter a short reason for blocking this number."


class WithheldError(Refusal):
    message = "The caller has no caller ID, so there is no number to block."


class RefusedNumberError(Refusal):
    message = "This number is blocked, so it isn't called. Unblock it first."


def holds(number: Any, now: ColumnElement[datetime] | datetime) -> ColumnElement[bool]:
    """SQL condition: the number is refused at this moment."""
    return exists().where(
        RefusedNumber.number == number, RefusedNumber.ends_at > now, RefusedNumber.taken_back_at.is_(None)
    )


_IS_REFUSED: Final = select(
    holds(bindparam("number", type_=RefusedNumber.number.type), bindparam("now", type_=UTCDateTime()))
)


def is_refused(number: str) -> bool:
    """Return whether the number is refused now."""
    return bool(run(_IS_REFUSED, {"number": number, "now": clock.now()}).scalar())


def of_number(number: str | None) -> RefusedNumber | None:
    """Return the refusal of this number that holds now."""
    return session.scalars(_in_force().where(RefusedNumber.number == number)).first() if number else None


def of_matter(intake: Any) -> RefusedNumber | None:
    """Return the refusal that holds now of the number of this matter's caller; the number itself may be purged."""
    is_theirs = of_matter_of(intake.caller_number, intake.id, clock.now())
    return session.scalars(
        select(RefusedNumber).where(is_theirs).order_by(*theirs_first(intake.caller_number))
    ).first()


def of_matter_of(number: Any, intake_id: Any, now: Any) -> ColumnElement[bool]:
    """SQL condition: the refusal holds now, and is of this number, or was made in this matter."""
    of_it = or_(RefusedNumber.number == number, RefusedNumber.intake_id == intake_id)
    return and_(RefusedNumber.ends_at > now, RefusedNumber.taken_back_at.is_(None), of_it)


def theirs_first(number: Any) -> tuple[Any, ...]:
    """SQL order: the refusals of this number before those made in its matter, the latest first."""
    return case((RefusedNumber.number == number, 0), else_=1), RefusedNumber.id.desc()


def in_force() -> list[tuple[RefusedNumber, str]]:
    """Return the refusals that hold now, the latest first, each with the reference of its matter."""
    found = _in_force().add_columns(Intake.reference).join(Intake, Intake.id == RefusedNumber.intake_id)
    return [(one, reference) for one, reference in session.execute(found)]


def refuse(intake: Intake, reason: str, by: Somebody) -> RefusedNumber:
    """Refuse the number that this matter's caller rang from. A repeat changes nothing.

    Raises NoReasonError, WithheldError.
    """
    words = " ".join(reason.split())
    if not words or len(words) > rules.LONGEST_REASON:
        raise NoReasonError
    if intake.caller_number is None:
        raise WithheldError
    if (known := of_number(intake.caller_number)) is not None:
        return known
    now = clock.now()
    refusal = RefusedNumber(
        number=intake.caller_number,
        reason=words,
        intake_id=intake.id,
        refused_at=now,
        ends_at=now + rules.REFUSED_FOR,
        refused_by=by.name[:100],
    )
    session.add(refusal)
    session.flush()
    timeline.append(
        intake.id,
        "number_refused",
        key=str(refusal.id),
        staff=by.name,
        until_at=refusal.ends_at.isoformat(),
        words=words,
    )
    until = f"refused for {rules.REFUSED_FOR.days} days: {words}"
    policy.record(_subject(intake.reference), "served", until, by)
    return refusal


def take_back(intake: Intake, by: Somebody) -> bool:
    """The number of this matter's caller is served again. Returns whether it was refused."""
    refusal = of_matter(intake)
    if refusal is None:
        return False
    refusal.taken_back_at, refusal.taken_back_by = clock.now(), by.name[:100]
    reference = session.scalar(select(Intake.reference).where(Intake.id == refusal.intake_id)) or ""
    timeline.append(refusal.intake_id, "number_served_again", key=str(refusal.id), staff=by.name)
    policy.record(_subject(reference), f"refused: {refusal.reason}", "served", by)
    return True


def forget(before: datetime) -> int:
    """Delete refusals that have been over since then, and return how many."""
    return changed(delete(RefusedNumber).where(RefusedNumber.ends_at < before), in_session=False)


def _in_force() -> Select[RefusedNumber]:
    return (
        select(RefusedNumber)
        .where(RefusedNumber.ends_at > clock.now(), RefusedNumber.taken_back_at.is_(None))
        .order_by(RefusedNumber.id.desc())
    )


def _subject(reference: str) -> str:
    """The audit names the matter and not the number, which is personal and goes with the matter."""
    return f"Number of intake {reference}"
