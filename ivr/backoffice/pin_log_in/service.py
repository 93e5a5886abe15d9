"""A member of staff on the telephone, identified by caller ID and a PIN: caller ID alone can be forged.

Wrong PINs are counted for a person, not for a call, and the count must be committed with the turn. So no function
here raises for a wrong PIN. Calls for which the carrier vouches are counted apart from all others: whoever forges a
person's number shuts out themselves, and not that person.
"""

from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import func, select

from ivr.callcenter.callbacks import settlement
from ivr.callcenter.calls.attestation import Attestation, attestation
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake import matters
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import CallState
from ivr.company.hours.models import PinCall
from ivr.company.policy import service as policy
from ivr.company.staff import passwords
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import insert_once, session
from ivr.core.errors import Refusal
from ivr.core.phone_numbers import e164
from ivr.platform.timeline import service as timeline

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
#: So many wrong PINs within such a time shut the door, to calls for which the carrier vouches and to all others. What
#: it takes to guess a PIN with them stands in docs/decisions/0022-caller-id.md.
VOUCHED: Final = ((5, _HOUR), (20, _DAY))
OTHERS: Final = ((5, _DAY),)
_IN_WORDS: Final = {_HOUR: ("an hour", "for an hour"), _DAY: ("a day", "for a day")}
Verdict = Literal["right", "wrong", "refused"]


class NotLetInError(Refusal):
    message = "Nobody on this call has given their PIN, or it opens less than this."


def begin(call: CustomerCall, caller: str, stir_verstat: str) -> bool:
    """Begin the PIN check. Returns whether the call shows the number of one of staff with a PIN, and may be theirs.

    If so, the call's intake is closed: it needs no callback, and no report counts it. Where the call goes on with an
    earlier matter there is no PIN check, because a number must not close that.
    """
    found = attestation(stir_verstat)
    staff = None if call.goes_on or found == Attestation.FAILED else _staff_at(caller)
    if staff is None:
        return False
    is_owner = staff.role == Role.OWNER
    insert_once(
        PinCall,
        call_sid=call.sid,
        staff_id=staff.id,
        intake_id=call.intake_id,
        is_vouched=found == Attestation.FULL,
        wrong_pins=0,
        tried_at=clock.now(),
    )
    settlement.close_all(call.intake_id, because="owner" if is_owner else "staff", by=staff.name)
    why = "close or open the line" if is_owner else "set when they get calls"
    matters.close(
        call.intake, f"{'The owner' if is_owner else 'A member of staff'} called to {why}.", by=staff
    )
    intakes.move(call.intake, CallState.SETTLED)
    kind = "owner_rang" if is_owner else "staff_rang"
    timeline.append(call.intake_id, kind, key=call.sid, staff=staff.name)
    return True


def may_try(call_sid: str) -> bool:
    """Whether the caller may try another PIN. If not, the audit notes it."""
    visit = _visit(call_sid)
    return not _is_shut(visit, session.get_one(Staff, visit.staff_id))


def try_pin(call_sid: str, digits: str) -> Verdict:
    """Check the PIN of whoever is calling; after too many wrong ones it refuses any PIN."""
    visit = _visit(call_sid)
    # The lock stops parallel calls from counting the same tries.
    staff = session.get_one(Staff, visit.staff_id, with_for_update=True)
    if _is_shut(visit, staff):
        return "refused"
    if passwords.check_pin(staff, digits):
        visit.let_in_at = clock.now()
        return "right"
    visit.wrong_pins += 1
    visit.tried_at = clock.now()
    session.flush()
    return "refused" if _is_shut(visit, staff) else "wrong"


def require_staff(call_sid: str) -> Staff:
    """Return who gave their PIN on this call. Raises NotLetInError."""
    visit = _visit(call_sid)
    staff = session.get_one(Staff, visit.staff_id)
    if visit.let_in_at is None or not staff.is_active:
        raise NotLetInError
    return staff


def require_owner(call_sid: str) -> Staff:
    """Return the owner who gave their PIN on this call. Raises NotLetInError."""
    staff = require_staff(call_sid)
    if staff.role != Role.OWNER:
        raise NotLetInError
    return staff


def is_owner(call_sid: str) -> bool:
    """Return whether it was an owner's PIN. Raises NotLetInError."""
    return require_staff(call_sid).role == Role.OWNER


def propose(call_sid: str, until_at: datetime | None) -> None:
    """Keep the end of what they want, None for none, to be read back before it holds. Raises NotLetInError."""
    require_staff(call_sid)
    _visit(call_sid).until_at = until_at


def proposed(call_sid: str) -> datetime | None:
    """Return the end that was last read back to them. Raises NotLetInError."""
    require_staff(call_sid)
    return _visit(call_sid).until_at


def _staff_at(caller: str) -> Staff | None:
    number = e164(caller)
    if number is None:
        return None
    theirs = Staff.phone == number, Staff.is_active, Staff.pin_hash.is_not(None)
    return session.scalar(select(Staff).where(*theirs))


def _visit(call_sid: str) -> PinCall:
    visit = session.scalar(select(PinCall).where(PinCall.call_sid == call_sid))
    if visit is None:
        raise NotLetInError
    return visit


def _is_shut(visit: PinCall, staff: Staff) -> bool:
    """Return whether no PIN counts in this call any more. If so, the audit notes it."""
    for most, within in VOUCHED if visit.is_vouched else OTHERS:
        if _wrong_pins(visit, within) >= most:
            long, shut = _IN_WORDS[within]
            where = "" if visit.is_vouched else ", in calls whose number is not verified"
            tries = f"{most} wrong PINs within {long}{where}"
            policy.record(f"PIN of {staff.name}", tries, f"refused {shut}", policy.Command("telephone"))
            return True
    return False


def _wrong_pins(visit: PinCall, within: timedelta) -> int:
    """Return how many wrong PINs this person's calls of the same kind have had within this time."""
    same = PinCall.staff_id == visit.staff_id, PinCall.is_vouched.is_(visit.is_vouched)
    counted = *same, PinCall.tried_at > clock.now() - within
    return session.scalar(select(func.sum(PinCall.wrong_pins)).where(*counted)) or 0
