"""Intakes to look at."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ivr.backoffice.estimates.models import Estimate
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.intake.models import Clip, Intake
from ivr.callcenter.recording.models import Recording
from ivr.core.db import Database
from ivr.platform.timeline.models import CallEvent
from tests.support.states import in_state

#: Noon in California, on a Friday.
NOON = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
#: The id of the intake that has been through everything.
WHOLE = 500


def an_intake(number: int, **more: Any) -> Intake:
    at = NOON + timedelta(minutes=number)
    more |= in_state(more.pop("state", "collecting"))
    return Intake(
        **{
            "id": number,
            "reference": f"R{number}",
            "conference_name": f"room-{number}",
            "created_at": at,
            "heard_at": at,
            **more,
        }
    )


def an_estimate(intake_id: int, state: str, cents: int) -> Estimate:
    """The first estimate of an intake, with its id."""
    return Estimate(
        id=intake_id,
        intake_id=intake_id,
        version=1,
        kind="visit",
        state=state,
        base_cents=cents,
        hours_included=1,
        extra_hours=0,
        rate_cents=0,
        surcharge_cents=0,
        increment_cents=25_00,
        total_cents=cents,
        units=0,
        valid_until=(NOON + timedelta(days=14)).date(),
        language="en",
        created_at=NOON,
    )


def add_whole(database: Database) -> None:
    """The intake K7M3QX, which has been through everything."""
    with database.transaction() as session:
        session.add(
            an_intake(
                WHOLE,
                reference="K7M3QX",
                state="abandoned",
                kind="onsite",
                language="es",
                caller_number="+14155552671",
                callback_number="+15105550100",
                issue="Half the phones went dead <b>this morning</b> & the fax line hums.",
                issue_recording_url="https://api.twilio.com/recording",
                technician_id=1,
                operator_id=2,
                created_at=NOON + timedelta(minutes=1),
                heard_at=NOON + timedelta(minutes=3),
                arrived_at=NOON + timedelta(minutes=2),
                contact_name="Rosa Díaz",
                contact_number="+14155552671",
            )
        )
        session.flush()
        session.add(
            Clip(
                intake_id=WHOLE,
                url="https://api.twilio.com/recording",
                token="a" * 43,
                content_type="audio/x-wav",
                made_at=NOON + timedelta(minutes=2),
                seconds=12,
            )
        )
        for second, (kind, data) in enumerate(HAPPENED):
            at = NOON + timedelta(seconds=60 + 9 * second)
            session.add(CallEvent(intake_id=WHOLE, at=at, kind=kind, key=f"{kind}-{second}", data=data))
        for minute, state in enumerate(("declined", "completed", "running")):
            at = NOON + timedelta(minutes=minute)
            call = CustomerCall(sid=f"CA{minute:032}", intake_id=WHOLE, direction="inbound", started_at=at)
            is_on = state == "running"
            call.status = CallStatus.IN_PROGRESS if is_on else CallStatus.COMPLETED
            call.ended_at = None if is_on else at
            session.add(call)
            session.flush()
            sid = None if state == "declined" else f"RE{minute:032}"
            session.add(
                Recording(call_id=call.id, intake_id=WHOLE, announced_at=at, state=state, sid=sid, seconds=90)
            )
        for number, state in (("+15105550100", "promised"), (None, "closed")):
            session.add(
                Callback(
                    intake_id=WHOLE,
                    number=number,
                    reason="dropped",
                    state=state,
                    due_at=NOON + timedelta(days=3),
                    arrived_at=NOON,
                    created_at=NOON,
                    staff_id=1,
                )
            )


def fill(database: Database, count: int) -> None:
    """So many intakes, in various states, with this or that not known."""
    states = (
        "collecting",
        "waiting",
        "ringing",
        "with_technician",
        "with_operator",
        "quoted",
        "booked",
        "message",
    )
    words = "The voicemail light stays on and nobody can check it. "
    with database.transaction() as session:
        session.add_all(
            an_intake(
                number,
                state=states[number % len(states)],
                kind=("onsite", "remote", None)[number % 3],
                caller_number=f"+1415555{number:04}" if number % 7 else None,
                callback_number=f"+1510555{number:04}" if number % 5 else None,
                issue=words * (number % 6) if number % 4 else None,
                technician_id=1 if number % 2 else None,
                operator_id=2 if number % 4 == 1 else None,
            )
            for number in range(1, count + 1)
        )


HAPPENED: list[tuple[str, dict[str, Any]]] = [
    ("call_arrived", {"direction": "inbound", "goes_on": False}),
    ("kind_chosen", {"chosen": "onsite"}),
    ("callback_number", {"number": "+15105550100"}),
    ("issue_heard", {"words": "Half the phones went dead <b>this morning</b>", "confidence": 0.9}),
    ("joined_line", {}),
    ("offer_made", {"staff": "Sam Lee", "role": "technician"}),
    ("offer_ended", {"staff": "Sam Lee", "role": "technician", "outcome": "no_answer"}),
    ("offer_made", {"staff": "Tara Nguyen", "role": "technician"}),
    ("offer_answered", {"staff": "Tara Nguyen", "role": "technician"}),
    ("offer_accepted", {"staff": "Tara Nguyen", "role": "technician"}),
    ("caller_held", {}),
    ("transfer_begun", {}),
    ("transfer_given_up", {"reason": "nobody_free"}),
    ("satellite_aligned", {"by": "<script>", "degrees": 3}),
    ("caller_left", {"status": "completed"}),
    (
        "callback_promised",
        {"number": "+15105550100", "reason": "dropped", "due_at": "2026-11-23T20:00:00+00:00"},
    ),
]


def kept(database: Database, name: str) -> str | None:
    """What the record of the intake that has been through everything has in this field."""
    with database.reading() as reading:
        value: str | None = getattr(reading.get_one(Intake, WHOLE), name)
        return value
