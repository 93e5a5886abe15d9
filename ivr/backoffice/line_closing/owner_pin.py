"""An owner on the telephone, identified by caller ID and a PIN: caller ID alone can be forged.

Wrong PINs are counted for a person, not for a call, and the count must be committed with the turn. So no function
here raises for a wrong PIN.
"""

from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import func, select

from ivr.callcenter.callbacks import settlement
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake import matters
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import CallState
from ivr.company.hours.models import OwnerCall
from ivr.company.policy import service as policy
from ivr.company.staff import passwords
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import insert_once, session
from ivr.core.errors import Refusal
from ivr.core.phone_numbers import e164
from ivr.platform.timeline import service as timeline

WRONG_AT_MOST: Final = 5
COUNTS_FOR: Final = timedelta(hours=1)
Verdict = Literal["right", "wrong", "refused"]


class NotLetInError(Refusal):
    message = "Nobody on this call has given an owner's PIN."


def begin_pin_login(call: CustomerCall, caller: str) -> bool:
    """Begins the PIN check. Returns whether the call comes from the telephone of an owner who has a PIN.

    If so, the call's intake is closed: it needs no callback, and no report counts it.
    """
    owner = _owner_at(caller)
    if owner is None:
        return False
    insert_once(
        OwnerCall,
        call_sid=call.sid,
        staff_id=owner.id,
        intake_id=call.intake_id,
        wrong_pins=0,
        tried_at=clock.now(),
    )
    settlement.close_all(call.intake_id, because="owner", by=owner.name)
    matters.close(call.intake, "The owner called to close or open the line.", by=owner)
    intakes.move(call.intake, CallState.SETTLED)
    timeline.append(call.intake_id, "owner_rang", key=call.sid, staff=owner.name)
    return True


def may_try(call_sid: str) -> bool:
    """Whether the caller may try another PIN. If not, the audit notes it."""
    visit = _visit(call_sid)
    if _wrong_pins(visit.staff_id) < WRONG_AT_MOST:
        return True
    _audit_refusal(session.get_one(Staff, visit.staff_id))
    return False


def try_pin(call_sid: str, digits: str) -> Verdict:
    """Checks the PIN of the calling owner; after five wrong ones within an hour it refuses any PIN."""
    visit = _visit(call_sid)
    # The lock stops parallel calls from counting the same tries.
    owner = session.get_one(Staff, visit.staff_id, with_for_update=True)
    if _wrong_pins(owner.id) >= WRONG_AT_MOST:
        _audit_refusal(owner)
        return "refused"
    if passwords.check_pin(owner, digits):
        visit.let_in_at = clock.now()
        return "right"
    visit.wrong_pins += 1
    visit.tried_at = clock.now()
    session.flush()
    if _wrong_pins(owner.id) >= WRONG_AT_MOST:
        _audit_refusal(owner)
        return "refused"
    return "wrong"


def require_owner(call_sid: str) -> Staff:
    """Returns the owner who gave their PIN on this call. Raises NotLetInError."""
    visit = _visit(call_sid)
    owner = session.get_one(Staff, visit.staff_id)
    if visit.let_in_at is None or owner.role != Role.OWNER or not owner.is_active:
        raise NotLetInError
    return owner


def propose(call_sid: str, until_at: datetime) -> None:
    """Keeps the end that the owner wants, to be read back before it holds. Raises NotLetInError."""
    require_owner(call_sid)
    _visit(call_sid).until_at = until_at


def proposed(call_sid: str) -> datetime | None:
    """Returns the end that was last read back to the owner. Raises NotLetInError."""
    require_owner(call_sid)
    return _visit(call_sid).until_at


def _owner_at(caller: str) -> Staff | None:
    number = e164(caller)
    if number is None:
        return None
    return session.scalar(
        select(Staff).where(
            Staff.phone == number, Staff.role == Role.OWNER, Staff.is_active, Staff.pin_hash.is_not(None)
        )
    )


def _visit(call_sid: str) -> OwnerCall:
    visit = session.scalar(select(OwnerCall).where(OwnerCall.call_sid == call_sid))
    if visit is None:
        raise NotLetInError
    return visit


def _wrong_pins(staff_id: int) -> int:
    counted = OwnerCall.staff_id == staff_id, OwnerCall.tried_at > clock.now() - COUNTS_FOR
    return session.scalar(select(func.sum(OwnerCall.wrong_pins)).where(*counted)) or 0


def _audit_refusal(owner: Staff) -> None:
    tries = f"{WRONG_AT_MOST} wrong PINs within an hour"
    policy.record(f"PIN of {owner.name}", tries, "refused for an hour", policy.Command("telephone"))
