"""An owner on the telephone, identified by caller ID and a PIN: caller ID alone can be forged.

Wrong PINs are counted for a person, not for a call, and the count must be committed with the turn. So no function
here raises for a wrong PIN. Calls for which the carrier vouches are counted apart from all others: whoever forges the
owner's number shuts out themselves, and not the owner.
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
from ivr.company.hours.models import OwnerCall
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
    message = "Nobody on this call has given an owner's PIN."


def begin_pin_login(call: CustomerCall, caller: str, stir_verstat: str) -> bool:
    """Begins the PIN check. Returns whether the call shows the number of an owner who has a PIN, and may be theirs.

    If so, the call's intake is closed: it needs no callback, and no report counts it. Where the call goes on with an
    earlier matter there is no PIN check, because a number must not close that.
    """
    found = attestation(stir_verstat)
    owner = None if call.goes_on or found == Attestation.FAILED else _owner_at(caller)
    if owner is None:
        return False
    insert_once(
        OwnerCall,
        call_sid=call.sid,
        staff_id=owner.id,
        intake_id=call.intake_id,
        is_vouched=found == Attestation.FULL,
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
    return not _is_shut(visit, session.get_one(Staff, visit.staff_id))


def try_pin(call_sid: str, digits: str) -> Verdict:
    """Checks the PIN of the calling owner; after too many wrong ones it refuses any PIN."""
    visit = _visit(call_sid)
    # The lock stops parallel calls from counting the same tries.
    owner = session.get_one(Staff, visit.staff_id, with_for_update=True)
    if _is_shut(visit, owner):
        return "refused"
    if passwords.check_pin(owner, digits):
        visit.let_in_at = clock.now()
        return "right"
    visit.wrong_pins += 1
    visit.tried_at = clock.now()
    session.flush()
    return "refused" if _is_shut(visit, owner) else "wrong"


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


def _is_shut(visit: OwnerCall, owner: Staff) -> bool:
    """Returns whether no PIN counts in this call any more. If so, the audit notes it."""
    for most, within in VOUCHED if visit.is_vouched else OTHERS:
        if _wrong_pins(visit, within) >= most:
            long, shut = _IN_WORDS[within]
            where = "" if visit.is_vouched else ", in calls whose number is not verified"
            tries = f"{most} wrong PINs within {long}{where}"
            policy.record(f"PIN of {owner.name}", tries, f"refused {shut}", policy.Command("telephone"))
            return True
    return False


def _wrong_pins(visit: OwnerCall, within: timedelta) -> int:
    """Returns how many wrong PINs this owner's calls of the same kind have had within this time."""
    same = OwnerCall.staff_id == visit.staff_id, OwnerCall.is_vouched.is_(visit.is_vouched)
    counted = *same, OwnerCall.tried_at > clock.now() - within
    return session.scalar(select(func.sum(OwnerCall.wrong_pins)).where(*counted)) or 0
