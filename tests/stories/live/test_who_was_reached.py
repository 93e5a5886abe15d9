"""How everybody who was rung answered stands where people look: board, callbacks, timeline, export and reports."""

import csv

import pytest

from ivr.callcenter.calls.outcomes import Outcome
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.web.console.common import words
from tests.support.openings import accepts, are_talking, gets_in_line
from tests.support.windows import Window, reference
from tests.support.world import Everybody, World
from twilio_simulator.behaviours import Behaviour, Person, ScreenedPerson, Voicemail

#: Telephones whose owner is not reached, and what is said of it.
NOT_REACHED: tuple[tuple[Behaviour, Outcome, str], ...] = (
    ("busy", Outcome.BUSY, "Was busy"),
    ("no_answer", Outcome.NO_ANSWER, "Did not answer"),
    ("failed", Outcome.FAILED, "Could not be reached"),
    (Voicemail(after=5), Outcome.MAILBOX, "Went to voicemail"),
    (ScreenedPerson(system="pixel", owner="declines"), Outcome.SCREENED, "Screened the call"),
    (Person(hellos=1, hangs_up=True), Outcome.DECLINED, "Declined"),
)
each_telephone = pytest.mark.parametrize(
    ("telephone", "outcome", "said"), NOT_REACHED, ids=[outcome for _, outcome, _ in NOT_REACHED]
)


def test_every_outcome_has_its_words() -> None:
    assert set(words.OUTCOMES) == set(Outcome)
    assert {outcome for _, outcome, _ in NOT_REACHED} == set(Outcome) - {Outcome.REACHED}


@each_telephone
def test_a_customer_who_is_not_reached(
    world: World, people: Everybody, telephone: Behaviour, outcome: Outcome, said: str
) -> None:
    with world.database.transaction():
        policy.change("ring_customer_first", "yes", Command("the owner"))
    gets_in_line(people.customer)
    people.customer.hangs_up()
    people.customer.phone.behaviour = telephone
    world.advance(180)

    ruth = Window(world, "Ruth")
    assert f"{said}, 1 of 2" in ruth.sees("/callbacks")
    assert f"{said}, 1 of 2" in ruth.sees("/board")
    timeline = ruth.sees(f"/intakes/{reference(world)}")
    assert f"The callback failed (the customer {said[0].lower()}{said[1:]})" in timeline
    assert f"{said} 1 0 " in ruth.sees("/reports")
    assert rung(world)[-1] == ("customer", None, outcome)
    world.advance(18 * 60)
    assert f"{said}, 2 of 2" in ruth.sees("/callbacks")


@each_telephone
def test_a_technician_who_is_not_reached(
    world: World, people: Everybody, telephone: Behaviour, outcome: Outcome, said: str
) -> None:
    people.dana.phone.behaviour = telephone
    gets_in_line(people.customer)
    people.tomas.rings(within=90)
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)

    ruth = Window(world, "Ruth")
    last = f"{said[0].lower()}{said[1:]}"
    assert f"last call: {last}" in ruth.sees("/board")
    assert f"Dana {last}." in ruth.sees(f"/intakes/{reference(world)}")
    page = ruth.sees("/reports")
    assert f"{said} 0 1 " in page
    assert "Was reached 0 1 " in page
    assert "All calls 0 2 " in page
    assert rung(world) == [("technician", "Dana", outcome), ("technician", "Tomas", "reached")]


def test_the_sheet_counts_them_for_each_caller(world: World, people: Everybody) -> None:
    people.dana.phone.behaviour = "busy"
    gets_in_line(people.customer)
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)
    people.customer.hangs_up()
    people.tomas.hears("caller hung up").presses("1").hears("Calling the caller")
    people.customer.rings().answers().hears("Press 1").presses("1")
    are_talking(people.tomas, people.customer)

    (row,) = csv.DictReader(Window(world, "Ruth").client.get("/reports.csv").text.splitlines())
    assert {
        name: row[name] for name in row if name.startswith(("customer_", "staff_")) and row[name] != "0"
    } == {
        "customer_reached": "1",
        "staff_busy": "1",
        "staff_reached": "1",
    }


def test_who_has_taken_the_next_call_has_missed_none(world: World, people: Everybody) -> None:
    people.dana.phone.behaviour = "busy"
    gets_in_line(people.customer)
    people.tomas.rings().ignores()
    people.dana.phone.behaviour = "manual"
    accepts(people.dana)
    are_talking(people.dana, people.customer)
    assert "last call: was busy" not in Window(world, "Ruth").sees("/board")
    people.customer.hangs_up()
    people.dana.hears("caller hung up").presses("9")
    world.advance(5)

    assert "last call: was busy" not in Window(world, "Ruth").sees("/board")


def rung(world: World) -> list[tuple[str, str | None, str]]:
    """Who was rung for the only intake and whether they were reached, as it is exported."""
    return [(one["who"], one["name"], one["outcome"]) for one in world.record()["rung"] if one["outcome"]]
