"""The owner's page of what all checks have found."""

import pytest

from ivr.backoffice.checks.checkup import Check, Checkup
from ivr.backoffice.checks.finding import Finding, ok, warning, wrong
from ivr.services import services
from tests.support.windows import Window
from tests.support.world import World

PAGE = "/settings/health"
FINDINGS = {
    "number": [ok("+18779437675 rings here.")],
    "people": [warning("0 operators to call: everyone is away.", "Set someone available.", "console.people")],
    "disk": [
        wrong("The disk of the database has 0.1 GB left.", "Make room now: on a full disk no call is taken.")
    ],
}


@pytest.fixture
def findings(world: World) -> dict[str, list[Finding]]:
    """What the checks of this application find, to be changed."""
    found = dict(FINDINGS)
    checks = [Check(name, name.title(), lambda _, name=name: found[name]) for name in found]  # type: ignore[misc]
    services(world.app).keep(Checkup(checks))
    return found


def test_an_owner_checks_everything_and_reads_what_to_do(
    world: World, findings: dict[str, list[Finding]]
) -> None:
    ruth = Window(world, "Ruth")
    assert "Nobody has checked yet." in ruth.sees(PAGE)

    assert ruth.sends(PAGE, check="all").status_code == 303
    page = ruth.sees(PAGE)
    assert "Something is wrong." in page
    places = [page.index(words) for words in ("Make room now", "Set someone available", "rings here")]
    assert places == sorted(places), "what is worst comes first"
    assert 'href="/settings/staff">Open the page' in ruth.client.get(PAGE).text

    findings |= {name: [ok("Fine.")] for name in findings}
    assert "Something is wrong." in ruth.sees(PAGE), "a page asks nobody"
    ruth.sends(PAGE, check="all")
    assert "All is well." in ruth.sees(PAGE)


def test_the_page_is_the_owners_alone(world: World) -> None:
    assert Window(world, "Olive").client.get(PAGE).status_code == 403
