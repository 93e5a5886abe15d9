"""A field technician drives to sites: whoever waits, their telephone never rings for a call."""

from ivr.company.staff import roster
from tests.support.openings import gets_in_line
from tests.support.world import Everybody, World

SAM = "+14155550113"


def test_no_call_rings_a_field_technician(world: World, people: Everybody) -> None:
    with world.database.transaction():
        roster.add("Sam Ortiz", "field", SAM, "sam@example.com", ["en", "es"])
    sam = world.handset(SAM, "Sam")
    world.off_shift("tomas")

    gets_in_line(people.customer)

    people.dana.rings()
    sam.does_not_ring(for_seconds=60)
    assert SAM not in [number for number, _ in world.asked.dialed]
