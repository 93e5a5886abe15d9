"""Every leg that the line creates, against every telephone that may answer it.

The bar: no promise is kept by a machine, nobody is cut off, and every person is joined on that same call. The table of
it stands in the simulator's README, as ``flask --app devtools reached`` prints it.
"""

import pytest

from devtools.held_line import HeldLine
from devtools.reached import Walk, walk
from devtools.rung_legs import IN_SPANISH, LEGS, Leg
from ivr.callcenter.calls.outcomes import Outcome
from tests.support.paths import ROOT

README = ROOT / "packages" / "twilio-simulator" / "README.md"
#: Staff have as long as a telephone is rung, because a caller waits. A menu that is read twice takes longer.
TOO_SLOW_FOR_STAFF = {"a menu, then an operator"}


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> HeldLine:
    return HeldLine(tmp_path_factory.mktemp("line"))


#: The same promise and the same steps as the one in Spanish, in the words of the one who was cut off.
WHEN_WHOLE = {"customer, asked for it"}


@pytest.fixture(
    params=[
        pytest.param(
            leg,
            marks=[pytest.mark.whole] if leg.name in WHEN_WHOLE else [],
            id=leg.name.replace(", ", "-").replace(" ", "_"),
        )
        for leg in (*LEGS, IN_SPANISH)
    ]
)
def walks(line: HeldLine, request: pytest.FixtureRequest) -> list[Walk]:
    """One leg, walked against everybody."""
    leg: Leg = request.param
    return list(walk(line, leg))


def in_readme(leg: Leg) -> dict[str, str]:
    """The leg's column of the table: the outcome by who answers."""
    rows = [
        [cell.strip() for cell in row.strip("|\n").split("|")]
        for row in README.read_text(encoding="utf-8")
        .partition("| who answers |")[2]
        .partition("\n\n")[0]
        .splitlines()
    ]
    column = rows[0].index(leg.name)
    return {row[0]: row[column + 1] for row in rows[2:]}


def test_people_are_reached_and_machines_are_not(walks: list[Walk]) -> None:
    slow = TOO_SLOW_FOR_STAFF if walks[0].leg.is_staffs else set()
    for one in walks:
        who = f"{one.leg.name}: {one.role.name}"
        assert one.joined == (one.role.agrees and one.role.name not in slow), who
        assert (one.outcome == Outcome.REACHED) == one.joined, who
        assert one.kept <= one.joined <= (one.kept or one.leg.is_staffs), who
        if one.first is not None:
            assert one.first.is_whole, f"{who} did not hear all of {one.first.words!r}"
            assert one.first.after <= 2, who
            assert one.first.seconds <= 6 or one.leg.is_staffs, who
    if walks[0].leg is not IN_SPANISH:
        told = {one.role.name: str(one.outcome).replace("_", " ") for one in walks}
        assert told == in_readme(walks[0].leg), "run: flask --app devtools reached"
