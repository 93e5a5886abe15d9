"""What must never be, whatever happens. Each is looked for in every state."""

from collections import Counter

from sqlalchemy import func, select

from ivr.backoffice.estimates.bookings import service as bookings
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN, CallbackReason, CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import FINAL
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState, Stage
from ivr.callcenter.routing import rules as routing_rules
from ivr.callcenter.routing.models import Offer
from ivr.company.staff.models import Staff
from ivr.core.db import session
from ivr.platform.jobs.models import JobRow
from ivr.web.console.board import queries as board_queries
from tests.exhaustive.walks.line import Line
from tests.support.robots import may_be_robot
from twilio_simulator import Handset

STAFF = ("dana", "tomas", "olive", "pedro")

# Made once: they are asked in every state, and to build a statement takes longer than to send it.
_STILL = select(Callback.intake_id).where(Callback.state.in_(OPEN))
_CALLBACKS_OWED = _STILL.where(Callback.reason != CallbackReason.ESTIMATE)
_PRICES_OWED = _STILL.where(Callback.reason == CallbackReason.ESTIMATE)
_ON_LINE = select(CustomerCall.intake_id).where(CustomerCall.status.not_in(FINAL))
_CALLS_MADE = select(func.count()).select_from(CustomerCall)
_INTAKES = select(Intake)
_DEAD = select(JobRow.name).where(JobRow.state == "dead")
_RINGING = select(Offer).where(Offer.state.in_(routing_rules.OPEN))


def telephones(world: Line) -> dict[str, Handset]:
    """Everybody's telephone, by name or else by number."""
    exchange = world.exchange
    return {(one.name or one.number).lower(): Handset(one, exchange) for one in exchange.phones.values()}


def customers(world: Line) -> dict[str, Handset]:
    """The telephones of everybody who is not staff."""
    return {name: one for name, one in telephones(world).items() if name not in STAFF}


def staff(world: Line) -> list[Handset]:
    return [getattr(world.people, name) for name in STAFF]


def is_talking(one: Handset, world: Line) -> bool:
    """Whether this customer talks with a member of staff."""
    return any(one.is_talking_to(other) for other in staff(world))


def all_over(world: Line) -> bool:
    """Every telephone is on its hook."""
    return all(phone.leg is None for phone in world.exchange.phones.values())


def calls_made(world: Line) -> int:
    """How often a customer has been on the line, or was rung back."""
    with world.database.reading():
        return session.scalar(_CALLS_MADE) or 0


def in_the_call(world: Line) -> set[str]:
    """Whose telephones the last call is about: the customer's, and those it was offered to, but not its promise."""
    last = select(func.max(CustomerCall.ended_at)).scalar_subquery()
    of_it = Offer.callback_id.is_(None) | (Offer.made_at < last)
    names = select(func.lower(Staff.name)).join(Offer, Offer.staff_id == Staff.id)
    with world.database.reading():
        return {"customer", *session.scalars(names.where(Offer.ended_at.is_(None), of_it))}


def look(world: Line) -> tuple[list[str], bool, bool]:
    """What is wrong, whether every customer on the line talks with somebody, and whether all is over."""
    return problems(world), talks(world), all_over(world)


def talks(world: Line) -> bool:
    """Whether every customer who is on the line talks with somebody."""
    on_line = [one for one in customers(world).values() if not one.ended]
    return bool(on_line) and all(is_talking(one, world) for one in on_line)


def problems(world: Line) -> list[str]:
    """What is wrong at this moment, with all that is due done."""
    with world.database.reading():
        found = [*_promises(), *_matters(world.stage), *_work(), *_rings_for_nobody()]
    return [
        *found,
        *(f"an error: {entry}" for entry in world.log if entry["log_level"] in {"error", "critical"}),
    ]


def _promises() -> list[str]:
    """Whoever is gone too early is owed one callback, and nobody is owed two; nor is a price promised twice."""
    found = []
    owed, prices = Counter(session.scalars(_CALLBACKS_OWED)), Counter(session.scalars(_PRICES_OWED))
    on_line = set(session.scalars(_ON_LINE))
    for intake in session.scalars(_INTAKES):
        if owed[intake.id] > 1:
            found.append(f"{owed[intake.id]} callbacks are owed for one intake")
        if prices[intake.id] > 1:
            found.append(f"the price is promised {prices[intake.id]} times")
        if intake.stage == Stage.CLOSED:
            if owed[intake.id] or prices[intake.id]:
                found.append("the matter is closed, and something is promised")
            continue  # a person has decided that nobody need call
        cut_off = intake.call_state in stages.GOES_ON and intake.id not in on_line
        if cut_off and intake.best_number and owed[intake.id] != 1 and not may_be_robot(intake):
            found.append(f"gone while {intake.state}, and {owed[intake.id]} callbacks are owed")
    return found


def _matters(stage: Stage | None) -> list[str]:
    """No telephone has moved the matter, its state is the one word of both machines, and money is in a list."""
    found = []
    to_do = {row.id for row in board_queries.board().visits}
    for intake in session.scalars(_INTAKES):
        if stage is not None and intake.stage != stage:
            found.append(f"the matter was {stage}, and a telephone has made it {intake.stage}")
        if intake.state != stages.state(intake.stage, intake.call_state):
            found.append(f"{intake.state} is not the word of {intake.stage} and {intake.call_state}")
        is_listed = intake.id in to_do or intake.stage in {Stage.BOOKED, Stage.DONE}
        if bookings.is_paid(intake.id) and not is_listed:
            found.append(f"paid, {intake.stage}, and in no list")
    return found


def _work() -> list[str]:
    return [f"given up: {name}" for name in session.scalars(_DEAD)]


def _rings_for_nobody() -> list[str]:
    """A telephone of staff rings for a caller who waits, a transfer that is on, or a promise; for nothing else."""
    return [
        f"{session.get_one(Staff, offer.staff_id).name} is rung for nobody"
        for offer in session.scalars(_RINGING)
        if not _is_wanted(offer)
    ]


def _is_wanted(offer: Offer) -> bool:
    if offer.callback_id is None:
        wanted = {CallState.RINGING, CallState.TRANSFERRING, CallState.WITH_OPERATOR}
        return session.get_one(Intake, offer.intake_id).call_state in wanted
    rung = select(CustomerCall.id).where(
        CustomerCall.intake_id == offer.intake_id, CustomerCall.status.not_in(FINAL)
    )
    return (
        session.get_one(Callback, offer.callback_id).state == CallbackState.PLACED
        and session.scalar(rung) is None
    )
