"""What meets a caller before anything else, who is taken for a robot, and how much silence a day brings."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import BindParameter, bindparam, exists, func, or_, select, update

from ivr.callcenter.calls.attestation import Attestation, attestation
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import Shield
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.shield import refusals, rules
from ivr.callcenter.shield.models import SilentDay
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.mail import service as mail
from ivr.company.policy import cache
from ivr.company.policy import service as policy
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import UTCDateTime, changed, insert_once, run, session

_NUMBER: Final[BindParameter[str]] = bindparam("number")
#: A number is known that is one of our own people's, or has a matter whose caller has answered something or is owed a
#: callback.
_THEIRS: Final = or_(
    Intake.caller_number == _NUMBER, Intake.callback_number == _NUMBER, Intake.contact_number == _NUMBER
)
_IS_REAL: Final = Intake.is_silent.is_(False) | (Intake.call_state == CallState.CUT_OFF)
_IS_KNOWN: Final = or_(
    exists().where(_THEIRS, _IS_REAL, Intake.id != bindparam("intake_id", 0)),
    exists().where(Staff.phone == _NUMBER),
)
#: All that a new call is asked, in one statement.
_LOOK: Final = select(
    refusals.holds(_NUMBER, bindparam("now", type_=UTCDateTime())).label("is_refused"),
    _IS_KNOWN.label("is_known"),
    select(func.count())
    .where(
        Intake.created_at >= bindparam("since", type_=UTCDateTime()),
        Intake.caller_number.between(bindparam("first"), bindparam("last")),
    )
    .scalar_subquery()
    .label("from_exchange"),
    cache.VERSION.label("settings"),
)
_LAST: Final = (
    select(CustomerCall)
    .where(CustomerCall.intake_id == bindparam("intake_id"), CustomerCall.direction == "inbound")
    .order_by(CustomerCall.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Look:
    """What is known of a number that rings. ``from_exchange``: calls of its exchange in the last minutes."""

    is_refused: bool
    is_known: bool
    from_exchange: int


def meets(number: str | None, stir_verstat: str) -> Shield | None:
    """Return what a call from this number meets first; None when it is let through.

    A withheld number is unknown, and nobody vouches for it.
    """
    seen = _look(number) if number else Look(is_refused=False, is_known=False, from_exchange=0)
    if seen.is_refused:
        return Shield.REFUSED
    found = attestation(stir_verstat)
    asked = rules.must_press(found, is_known=seen.is_known, from_exchange=seen.from_exchange)
    return Shield.ASKED if asked else None


def _look(number: str) -> Look:
    now, exchange = clock.now(), rules.exchange(number)
    row = run(
        _LOOK,
        {
            "number": number,
            "intake_id": 0,
            "now": now,
            "since": now - rules.EXCHANGE_WITHIN,
            "first": f"{exchange}0000",
            "last": f"{exchange}9999",
        },
    ).one()
    cache.note_version(row.settings)
    return Look(bool(row.is_refused), bool(row.is_known), row.from_exchange if exchange else 0)


def note_key(call: CustomerCall, is_answer: bool) -> None:  # noqa: FBT001  # what a flow tells of each key
    """The caller has pressed or said a key that the question has, or pressed another."""
    intakes.note_key(call.intake, is_answer=is_answer)


def note_person(call: CustomerCall) -> None:
    """The caller has done what no robot does by chance: from now on they are served like anybody."""
    call.intake.is_silent = False
    call.intake.wrong_keys = 0


def may_be_robot(call: CustomerCall) -> bool:
    """Return whether nothing is promised to this caller: they have answered nothing, or their number is refused.

    Or they are unknown, have pressed keys that no question had, and said no word.
    """
    intake = session.get_one(Intake, call.intake_id)
    if call.direction != "inbound" or call.goes_on:
        return False
    if intake.is_silent or call.shield == Shield.REFUSED:
        return True
    return bool(intake.wrong_keys) and _is_unknown_and_wordless(intake)


def is_doubtful(call: CustomerCall) -> bool:
    """Return whether nobody is rung for this caller before they have shown that they are a person.

    They may be a robot; or they are unknown, no carrier vouches for their number, and they have said no word, which is
    also true of a robot that has pressed the right keys by chance. Whoever has answered the first question and left a
    recording is taken for a person. The key 0 is no answer: after it anything that stays on the line is recorded.
    """
    if call.direction != "inbound" or call.goes_on:
        return False
    if may_be_robot(call):
        return True
    intake = session.get_one(Intake, call.intake_id)
    is_vouched_for = attestation(call.stir_verstat) == Attestation.FULL
    has_recorded = intake.issue_recording_url is not None
    has_answered = intake.kind is not None and has_recorded
    return not is_vouched_for and not has_answered and _is_unknown_and_wordless(intake)


def is_owed(intake: Intake) -> bool:
    """Return whether a caller who is gone too early is called back.

    A caller who has answered nothing is called back only if their carrier vouches for the number, and if we know them
    or they were gone before the first question was over: nobody is to hear from us because a robot showed their number.
    A refused number is never called.
    """
    if intake.best_number and refusals.is_refused(intake.best_number):
        return False
    has_been_served = intake.arrived_at or intake.technician_id or intake.operator_id
    call = None if has_been_served else last_call(intake.id)
    if call is None or not may_be_robot(call):
        return True
    if call.shield == Shield.REFUSED or not intake.is_silent:
        return False
    lasted = (call.ended_at or clock.now()) - call.started_at
    is_vouched_for = attestation(call.stir_verstat) == Attestation.FULL
    return is_vouched_for and (lasted < rules.FIRST_QUESTION or _is_known(intake))


def last_call(intake_id: int) -> CustomerCall | None:
    """Return the last call in which the customer of this intake rang us."""
    return session.scalar(_LAST, {"intake_id": intake_id})


def _is_known(intake: Intake) -> bool:
    if intake.caller_number is None:
        return False
    return bool(session.scalar(select(_IS_KNOWN), {"number": intake.caller_number, "intake_id": intake.id}))


def _is_unknown_and_wordless(intake: Intake) -> bool:
    # A recording is no word: it may be of keys, or of silence.
    return intake.issue is None and not _is_known(intake)


def note_end(call: CustomerCall) -> None:
    """An inbound call has ended. If it was silent its minutes count; above the day's bound operations are told."""
    if not call.intake.is_silent or call.direction != "inbound" or call.ended_at is None:
        return
    day, minutes = today(), rules.minutes_billed((call.ended_at - call.started_at).total_seconds())
    more = update(SilentDay).where(SilentDay.day == day)
    more = more.values(calls=SilentDay.calls + 1, minutes=SilentDay.minutes + minutes)
    if not changed(more) and insert_once(SilentDay, day=day, calls=1, minutes=minutes) is None:
        changed(more)  # another call of this day was first
    if (above := silence()) is not None:
        _tell(above)


def silence() -> SilentDay | None:
    """Return today's silence if it has reached the bound that the owner has set; None below it."""
    most = policy.current().silent_minutes_a_day
    above = select(SilentDay).where(SilentDay.day == today(), SilentDay.minutes >= most)
    return session.scalar(above.execution_options(populate_existing=True))


def _tell(above: SilentDay) -> None:
    """Write one letter a day to operations."""
    to = policy.current().operations_email
    if to is not None:
        mail.post(
            "silence",
            to=to,
            language="en",
            key=f"silence:{above.day}",
            minutes=above.minutes,
            calls=above.calls,
            most=policy.current().silent_minutes_a_day,
        )


def today() -> date:
    """Return the day to which a silent call counts now, in the company's time zone."""
    return hours_rules.local(hours.calendar(), clock.now()).date()
