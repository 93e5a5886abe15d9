"""How things stand at one moment, without names, ids and times: two moments that look alike go on alike.

Of each telephone: what it does, which document it is in and at which verb, and whether it is in line, in the
conference or held. Of the records: states, claims, promises, and work that waits. Time is in it only where it decides
what comes next: a promise that is due or not, somebody who is still wrapping up.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ivr.core import clock
from tests.exhaustive.walks.line import Line
from twilio_simulator import Phone
from twilio_simulator.position import Progress, VerbAhead

_IDS = re.compile(r"(offer|callback|intake)=\d+&?")
#: Reminders of a hold: the fourth is as the ninth.
_LATE = re.compile(r"attempt=([4-9]|\d\d)")
_TRY = re.compile(r"attempt=\w+")


def snapshot(world: Line, *, every_try: bool = True) -> tuple[Any, ...]:
    """Everything that decides how it goes on, hashable by its ``repr``; a question may be one at ``every_try``."""
    with world.database.engine.connect() as connection:
        stands = tuple(map(_telephone, world.exchange.phones.values())), _records(connection)
    return stands if every_try else _untried(stands)


def _untried(stands: Any) -> Any:
    if isinstance(stands, tuple):
        return tuple(map(_untried, stands))
    return _TRY.sub("", stands) if isinstance(stands, str) else stands


def where(phone: Phone) -> tuple[Any, ...]:
    """Which question this telephone is at; another one once it has been answered or has run out."""
    if phone.leg is None:
        return ()
    at = phone.leg.position()
    return at.questions, _place(at.main), _place(at.aside)


def _telephone(phone: Phone) -> tuple[Any, ...]:
    leg = phone.leg
    if leg is None:
        return ()
    at, seat = leg.position(), leg.participant
    room = (seat.joined, seat.hold, seat.room.started) if seat else ()
    return leg.direction, leg.status, _place(at.main), _place(at.aside), leg.member is not None, room


def is_told(phone: Phone) -> bool:
    """Whether something is said to whoever holds this telephone, and nothing asked."""
    if phone.leg is None or phone.leg.listening is not None:
        return False
    at = phone.leg.position()
    return any(one is not None and one.ahead and _is_spoken(one.ahead[0]) for one in (at.aside, at.main))


def _place(progress: Progress | None) -> tuple[Any, ...]:
    """What is still to come of the document, known by where it leads; and whether something is spoken until then.

    What is spoken decides nothing, nor in how many pieces: whoever listens can only hang up.
    """
    if progress is None or not progress.ahead:
        return (progress is not None,)
    first, *_ = progress.ahead
    return _is_spoken(first), tuple(_leads_to(verb) for verb in progress.ahead if not _is_spoken(verb))


def _is_spoken(verb: VerbAhead) -> bool:
    return verb.name == "Say"


def _leads_to(verb: VerbAhead) -> tuple[str, str]:
    return verb.name, _LATE.sub("attempt=late", _IDS.sub("", verb.url.partition("/voice/")[2]))


def _records(connection: Connection) -> tuple[Any, ...]:
    driver: Any = connection.connection.driver_connection  # it is asked at every moment: three times as fast
    now = clock.now().replace(tzinfo=None)
    times = {"now": _written(now), "soon": _written(now + timedelta(seconds=60))}
    return tuple(tuple(driver.execute(query, times)) for query in _QUERIES.values())


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


_QUERIES = {
    "intakes": """
        SELECT stage, call_state, language, COALESCE(callback_number, caller_number) IS NULL,
            is_silent, wrong_keys > 0 AND issue IS NULL FROM intake ORDER BY id""",
    "calls": """
        SELECT intake_id, direction, status, answered_at IS NULL, on_hold, conference_sid IS NULL FROM call
        WHERE ended_at IS NULL ORDER BY id""",
    "offers": """
        SELECT offer.staff_id, offer.state, offer.callback_id IS NULL, offer.told_gone, offer.at_desk,
            COALESCE(last.state, 'given_up')
        FROM offer LEFT JOIN transfer last
        ON last.id = (SELECT MAX(id) FROM transfer WHERE from_offer_id = offer.id)
        WHERE offer.state IN ('ringing', 'briefing') OR offer.state = 'accepted' AND offer.ended_at IS NULL
        ORDER BY offer.id""",
    # As long as somebody may still be asked, at most twice: before it is accepted, a promise goes back to be had by the
    # next. It is renewed when the customer goes, so while they are on the line it does not matter who was asked for it.
    "asked": """
        SELECT offer.staff_id, MIN(COUNT(*), 2) FROM offer JOIN intake ON intake.id = offer.intake_id
        LEFT JOIN callback ON callback.intake_id = intake.id AND (callback.state = 'promised'
            OR callback.state = 'placed' AND EXISTS (SELECT 1 FROM offer open WHERE open.callback_id = callback.id
                AND open.state IN ('ringing', 'briefing')))
        LEFT JOIN transfer ON transfer.intake_id = intake.id AND transfer.state = 'ringing'
        WHERE offer.role = 'technician' AND intake.call_state IN ('waiting', 'ringing')
            AND offer.made_at >= intake.waiting_since
        OR offer.role = 'technician' AND offer.made_at >= callback.due_at
            AND NOT EXISTS (SELECT 1 FROM call WHERE call.intake_id = intake.id AND call.ended_at IS NULL)
        OR offer.role = 'operator' AND offer.made_at >= transfer.begun_at
        GROUP BY offer.staff_id ORDER BY offer.staff_id""",
    "transfers": """
        SELECT transfer.state, sender.staff_id, taker.staff_id FROM transfer
        JOIN offer sender ON sender.id = from_offer_id LEFT JOIN offer taker ON taker.id = to_offer_id
        WHERE transfer.state IN ('ringing', 'consulting', 'together') ORDER BY transfer.id""",
    # Tried once or more: the next time in vain is the last. Who is to ring first tells nothing where there is only one
    # who can; when it is due, only as long as it is promised, and not to be renewed when the customer goes.
    "callbacks": """
        SELECT callback.state, number IS NULL, MIN(tries, 1), callback.created_at < call.started_at,
            CASE WHEN reason IN ('dropped', 'message', 'estimate', 'transfer') THEN reason ELSE 'asked' END,
            CASE WHEN (SELECT COUNT(*) FROM staff WHERE is_available AND role = 'technician') > 1
                OR staff_id NOT IN (SELECT id FROM staff WHERE is_available AND role = 'technician')
                THEN staff_id END,
            CASE WHEN callback.state = 'promised' AND (intake.call_state = 'left_word' OR call.id IS NULL)
                THEN (due_at > :now) + (due_at > :soon) END
        FROM callback JOIN intake ON intake.id = callback.intake_id
        LEFT JOIN call ON call.intake_id = intake.id AND call.ended_at IS NULL
        WHERE callback.state NOT IN ('done', 'closed') ORDER BY callback.id""",
    "sales": """
        SELECT quote.kind, quote.state, booking.starts_at > :now, booking.ends_at > :now,
            COALESCE(booking.cancelled_at >= booking.booked_at, 0) FROM quote
        LEFT JOIN booking ON booking.intake_id = quote.intake_id ORDER BY quote.id""",
    "closings": """
        SELECT message_intake_id IS NULL FROM closing WHERE until_at > :now AND ended_at IS NULL""",
    "owners": """
        SELECT CASE WHEN let_in_at IS NULL THEN wrong_pins END, until_at IS NULL FROM owner_call ORDER BY id""",
    # How many calls they missed decides nothing where nobody else could take them.
    "staff": """
        SELECT id, offer_id IS NULL, COALESCE(wraps_up_until > :now, 0),
            CASE WHEN (SELECT COUNT(*) FROM staff other WHERE other.is_available AND other.role = staff.role) > 1
                THEN MIN(unanswered, 2) END
        FROM staff WHERE is_available ORDER BY role, idle_since, id""",
    # Not the routine, whose time tells nothing: each minute's look at a leg, the looks through the line that promises
    # bring, the bound of a consultation that has come to an end.
    "work": """
        SELECT DISTINCT name, state FROM job WHERE state IN ('ready', 'dead') AND name NOT IN (
            'calls.look_after', 'dispatch.assign', 'intake.keep_clip', 'transfers.end_consultation')
        ORDER BY name""",
}
