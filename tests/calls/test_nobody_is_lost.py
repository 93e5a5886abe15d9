"""Anything may happen in any order; then nobody does anything more. Whoever is left on a telephone is not forgotten.

hypothesis plays what two customers and the staff do. When they stop, time goes on for an hour. Then each call must have
come to an end that is one: a conversation, the caller's own choice to hang up, a callback or a message; and whoever
was cut off must be owed exactly one callback, or have been rung back.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from ivr.callbacks.models import PLACED, PROMISED, Callback
from ivr.db import Database
from ivr.dispatch.models import Offer, Staff
from ivr.intake import rules
from ivr.intake.models import Intake
from ivr.jobs.models import JobRow
from ivr.simulator import CannotError, Handset, Phone
from ivr.tables import metadata
from tests.world import LINE, World

CALLERS = ("customer", "second")
STAFF = ("dana", "tomas", "olive", "pedro")
KEYS = ("1", "1", "1", "2", "3", "9", "*", "0", "5")

caller_does = st.tuples(
    st.sampled_from(CALLERS),
    st.sampled_from(
        ["dials", "hangs up", "answers", "declines", "says it", *(f"presses {key}" for key in KEYS)]
    ),
)
staff_does = st.tuples(
    st.sampled_from(STAFF),
    st.sampled_from(["answers", "answers", "declines", "hangs up", *(f"presses {key}" for key in KEYS)]),
)
time_passes = st.tuples(st.just("time"), st.sampled_from(["0.2", "1", "3", "8", "30"]))
#: What people mean to do, several keys at a time: without these, hardly anything tried would get past the menu.
a_caller_waits = st.tuples(
    st.sampled_from(CALLERS), st.sampled_from(["gets in line", "gets in line", "takes it"])
)
staff_mean_to = st.sampled_from(
    [
        *[("whoever rings", "takes it")] * 4,
        *[("whoever talks", "transfers")] * 3,
        *[("whoever talks", "hands over")] * 2,
        ("whoever talks", "goes back"),
        ("whoever talks", "hangs up"),
    ]
)
HAPPENINGS = st.lists(
    st.one_of(a_caller_waits, staff_mean_to, staff_mean_to, caller_does, staff_does, time_passes),
    min_size=10,
    max_size=40,
)
MEANT = {
    "gets in line": ["dials", "presses 1", "presses 1", "says it"],
    "takes it": ["answers", "presses 1"],
    "transfers": ["presses *", "presses 1"],
    "hands over": ["presses *", "presses 1"],
    "goes back": ["presses *", "presses 3"],
}


def act(world: World, phones: dict[str, Handset], who: str, what: str) -> None:
    """Somebody does something, if their telephone lets them."""
    if who == "time":
        world.advance(float(what))
        return
    if who not in phones:
        busy = [
            name
            for name in STAFF
            if phones[name].phone.state == {"whoever rings": "ringing"}.get(who, "in-call")
        ]
        who = busy[0] if busy else "dana"
    if what in MEANT:
        for one in MEANT[what]:
            act(world, phones, who, one)
            world.advance(0.8)
        return
    with suppress(CannotError):
        do(phones[who].phone, what)
    world.exchange.settle()


def do(phone: Phone, what: str) -> None:
    """One thing that a person does with a telephone; CannotError when it lets nobody do that now."""
    plain: dict[str, Callable[[], object]] = {
        "dials": lambda: phone.dial(LINE),
        "hangs up": phone.hang_up,
        "answers": phone.answer,
        "declines": phone.decline,
        "says it": lambda: phone.say("the phones are dead"),
    }
    if what in plain:
        plain[what]()
    else:
        phone.press(what.removeprefix("presses "))


def whoever_is_left(world: World, phones: dict[str, Handset]) -> None:
    """Nobody on the line is alone, held for nobody, or heard by nobody."""
    for name in CALLERS:
        phone = phones[name]
        if not phone.ended:
            talking = [other for other in STAFF if phone.is_talking_to(phones[other])]
            assert talking, f"{name} is on the line with nobody\n{world.exchange.transcript}"
    for name in STAFF:
        if not phones[name].ended:
            company = [other for other in phones if phones[name].is_talking_to(phones[other])]
            assert company, f"{name} is on the line with nobody\n{world.exchange.transcript}"


def whoever_was_cut_off(world: World) -> None:
    """Every record tells how it ended, and promises are neither lost nor doubled."""
    with world.database.reading() as session:
        open_promises = Counter(
            session.scalars(select(Callback.intake_id).where(Callback.state.in_({PROMISED, PLACED})))
        )
        ever_promised = set(session.scalars(select(Callback.intake_id)))
        assert all(count == 1 for count in open_promises.values()), "a promise was doubled"
        for intake in session.scalars(select(Intake)):
            assert intake.state not in {*rules.IN_LINE, rules.TRANSFERRING} or not intake.best_number, (
                f"{intake.state}\n{world.exchange.transcript}"
            )
            if intake.state == rules.ABANDONED and intake.best_number:
                assert intake.id in ever_promised, f"cut off and forgotten\n{world.exchange.transcript}"
        claimed = session.scalar(select(func.count()).where(Staff.offer_id.is_not(None)))
        in_talk = session.scalar(
            select(func.count()).where(Offer.state == "accepted", Offer.ended_at.is_(None))
        )
        assert claimed == in_talk, f"somebody is kept from being rung\n{world.exchange.transcript}"
        assert session.scalar(select(func.count()).where(JobRow.state == "dead")) == 0


@pytest.fixture
def fresh_database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'line.db'}"
    database = Database(url)
    metadata.create_all(database.engine)
    database.engine.dispose()
    return url


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(happenings=HAPPENINGS)
def test_whatever_happens_nobody_is_lost(fresh_database: str, happenings: list[tuple[str, str]]) -> None:
    with time_machine.travel(0, tick=False) as traveller:
        database = Database(fresh_database)
        with database.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        database.engine.dispose()
        world = World(fresh_database, traveller)
        phones = {name: getattr(world.people, name) for name in ("customer", *STAFF)}
        phones["second"] = world.handset("+12125550188", "Second")
        for who, what in happenings:
            act(world, phones, who, what)
        world.advance(3600)
        whoever_is_left(world, phones)
        whoever_was_cut_off(world)
        world.database.engine.dispose()
