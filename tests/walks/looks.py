"""What must never be, whatever happens. Each is looked for in every state."""

from collections import Counter

from sqlalchemy import select

from ivr.callbacks.models import PLACED, PROMISED, TASK, Callback
from ivr.calls.models import Call
from ivr.calls.rules import FINAL
from ivr.db import session
from ivr.dispatch import rules as dispatch_rules
from ivr.dispatch.models import Offer, Staff
from ivr.intake import rules
from ivr.intake.models import Intake
from ivr.jobs.models import JobRow
from ivr.simulator import Handset
from tests.world import World

STAFF = ("dana", "tomas", "olive", "pedro")


def customers(world: World) -> list[Handset]:
    """Everybody with a telephone who is not staff."""
    return [one for name, one in vars(world.people).items() if name not in STAFF]


def staff(world: World) -> list[Handset]:
    return [getattr(world.people, name) for name in STAFF]


def is_talking(one: Handset, world: World) -> bool:
    """Whether this customer talks with a member of staff."""
    return any(one.is_talking_to(other) for other in staff(world))


def all_over(world: World) -> bool:
    """Every telephone is on its hook."""
    return all(one.ended for one in vars(world.people).values())


def look(world: World) -> tuple[list[str], bool, bool]:
    """What is wrong, whether every customer on the line talks with somebody, and whether all is over."""
    return problems(world), talks(world), all_over(world)


def talks(world: World) -> bool:
    """Whether every customer who is on the line talks with somebody."""
    on_line = [one for one in customers(world) if not one.ended]
    return bool(on_line) and all(is_talking(one, world) for one in on_line)


def problems(world: World) -> list[str]:
    """What is wrong at this moment, with all that is due done."""
    with world.database.reading():
        found = [*_promises(), *_work()]
        if not any(world.exchange.phones[one.phone.number].is_ringing for one in staff(world)):
            return found
        return [*found, *_rings_for_nobody()]


def _promises() -> list[str]:
    """Whoever is gone too early is owed one callback, and nobody is owed two."""
    found = []
    owed = Counter(
        session.scalars(select(Callback.intake_id).where(Callback.state.in_({PROMISED, PLACED, TASK})))
    )
    on_line = set(session.scalars(select(Call.intake_id).where(Call.status.not_in(FINAL))))
    for intake in session.scalars(select(Intake)):
        if owed[intake.id] > 1:
            found.append(f"{owed[intake.id]} callbacks are owed for one intake")
        cut_off = intake.state in rules.UNFINISHED and intake.id not in on_line
        if cut_off and intake.best_number and owed[intake.id] != 1:
            found.append(f"gone while {intake.state}, and {owed[intake.id]} callbacks are owed")
    return found


def _work() -> list[str]:
    dead = session.scalars(select(JobRow.name).where(JobRow.state == "dead")).all()
    return [f"given up: {name}" for name in dead]


def _rings_for_nobody() -> list[str]:
    """A telephone of staff rings for a caller who waits, a transfer that is on, or a promise; for nothing else."""
    ringing = select(Offer).where(Offer.state.in_(dispatch_rules.OPEN))
    wanted = {rules.RINGING, rules.TRANSFERRING, rules.WITH_OPERATOR}
    return [
        f"{session.get_one(Staff, offer.staff_id).name} is rung for nobody"
        for offer in session.scalars(ringing)
        if offer.callback_id is None and session.get_one(Intake, offer.intake_id).state not in wanted
    ]
