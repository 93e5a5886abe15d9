"""Screen pop with 50 windows open: from the key by which an operator accepts, to the page that shows it.

    .venv/bin/python -m bench.pop [WINDOWS] [ROUNDS]

The web is that of the Procfile; each window does what a browser does (``bench/ground/windows.py``). The time begins
before the webhook with the key is sent, and goes on until it is "answered", until the window of the operator who
accepts is "told" to open the intake, until that page is there ("pop"), and until the board is there in every other
window. A window without a stream asks every three seconds: the last column counts these.
"""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Final

from sqlalchemy import select, update

from bench.ground.callers import percentile, post, tell
from bench.ground.databases import both, folder
from bench.ground.web import LINE, Web
from bench.ground.windows import Window
from ivr.callcenter.calls import service as calls
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.routing import assignment, offers
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.transfers import service as transfers
from ivr.company.staff import roster
from ivr.company.staff.models import Role, Staff
from ivr.core.config import SIMULATED_ACCOUNT
from ivr.core.db import Database, session
from ivr.platform.jobs.distributed import DistributedQueue
from ivr.platform.jobs.embedded import EmbeddedQueue

#: Seconds until every window has fetched what it fetches after an event.
_QUIET: Final = 2.0
_LONGEST: Final = 6.0
#: A window that needs more seconds has no stream.
_TOLD_WITHIN: Final = 2.0


def main() -> None:
    """Print the table."""
    count, rounds = (int(word) for word in (sys.argv[1:] + ["50", "12"][len(sys.argv) - 1 :]))
    print(f"{count} windows, {rounds} accepts; milliseconds from the key to the page\n")
    print("| database | what | p50 | p95 | p99 | later than 2 s |\n|---|---|---|---|---|---|")
    with folder() as where:
        for url in both(where):
            measured(url, where, count, rounds)


def measured(url: str, where: Path, count: int, rounds: int) -> None:
    """Print the rows of one database."""
    database = Database(url, queue=EmbeddedQueue() if url.startswith("sqlite") else DistributedQueue())
    with database.transaction():
        for number in range(count):
            phone = f"+1415556{number:04d}"
            roster.add(f"Operator {number}", Role.OPERATOR, phone, f"{number}@example.com", ["en"], None)
    with database.reading():
        operators = session.scalars(select(Staff.id).where(Staff.role == Role.OPERATOR)).all()
    answered: list[float] = []
    told: list[float] = []
    pops: list[float] = []
    boards: list[float] = []
    used = 0.0
    with Web(LINE, url, where) as web, ExitStack() as stack:
        windows = {one: stack.enter_context(Window(web.port, database, one)) for one in operators}
        for window in windows.values():
            window.is_told.wait(_LONGEST)
        for number in range(rounds + 1):
            used = web.processor() if number < 2 else used
            offer_id, staff_id, reference = offered_to_an_operator(database, number)
            Event().wait(_QUIET)
            began = time.perf_counter()
            path = f"/voice/briefing/brief_chosen?offer={offer_id}&attempt=1"
            form = {"AccountSid": SIMULATED_ACCOUNT, "CallSid": f"CAOPERATOR{number}", "Digits": "1"}
            tell(web.port, post(path, form), b"<Conference")
            took = time.perf_counter() - began
            looked = {one: came(window, began) for one, window in windows.items()}
            pop = came(windows[staff_id], began, f"/intakes/{reference}")
            if number:  # the first round loads and compiles what the pages need
                answered.append(took)
                told.append(windows[staff_id].pops[-1] - began)
                pops.append(pop)
                boards += [took for one, took in looked.items() if one != staff_id]
        Event().wait(_QUIET)
        cost = (web.processor() - used) / rounds * 1000
    name = database.engine.dialect.name
    database.engine.dispose()
    for what, seconds in (("answered", answered), ("told", told), ("pop", pops), ("board", boards)):
        waits = " | ".join(f"{percentile(seconds, part):.0f}" for part in (50, 95, 99))
        late = sum(one > _TOLD_WITHIN for one in seconds)
        print(f"| {name} | {what} | {waits} | {late} of {len(seconds)} |", flush=True)
    print(f"| {name} | processor of the webs for an accept | {cost:.0f} | | | |", flush=True)


def came(window: Window, began: float, path: str = "/board") -> float:
    """Return the seconds from ``began`` until the window had this page, requested after ``began``."""
    while True:
        there = [one.there for one in window.pages if one.path == path and one.begun > began]
        if there:
            return there[0] - began
        if time.perf_counter() > began + _LONGEST:
            return _LONGEST
        Event().wait(0.005)


def offered_to_an_operator(database: Database, number: int) -> tuple[int, int, str]:
    """Make a warm transfer. Return the id of the operator's offer, the operator's id and the intake's reference."""
    with database.transaction():
        session.execute(update(Staff).values(offer_id=None, wraps_up_until=None))
        intake = calls.new_intake(f"+1415557{number:04d}")
        calls.arrived(f"CACUSTOMER{number}", intake)
        intakes.choose_kind(intake, intakes.ONSITE)
        intakes.join_line(intake)
        session.flush()
        assignment.assign()
        offer = offers.offer_with_staff(_newest_offer(Role.TECHNICIAN))
        offers.accept(offer)
        offers.give_caller_to(offer)
        transfers.begin(offer)
        transfers.go_on(intake.id)
        theirs = offers.offer_with_staff(_newest_offer(Role.OPERATOR))
        return theirs.id, theirs.staff_id, intake.reference


def _newest_offer(role: str) -> int:
    return session.scalars(
        select(Offer.id).where(Offer.role == role).order_by(Offer.id.desc()).limit(1)
    ).one()


if __name__ == "__main__":
    main()
