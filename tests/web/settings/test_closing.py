"""The owner closes the line by a click; the same service as by telephone."""

import re
from typing import Any

import pytest

from tests.support.windows import Window
from tests.support.world import LINE, World
from tests.web.settings.owner import WEEK, changes

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_closed_by_a_click_and_open_again(world: World, ruth: Window) -> None:
    assert "The line follows its hours." in ruth.sees("/settings/hours")
    page = ruth.client.get("/settings/hours").text
    first, second = re.findall(r'name="at" value="([^"]+)"', page)
    assert (first, second) == ("2026-11-24T07:00", "2026-11-25T07:00")

    assert ruth.sends("/settings/hours/closing", at=first).status_code == 303
    page = ruth.sees("/settings/hours")
    assert "The line is closed manually until Tue, Nov 24, 2026, 7:00 AM PST." in page
    assert "Closed manually; opens Tue, Nov 24, 2026, 7:00 AM PST." in page
    offered = re.findall(r'name="at" value="([^"]+)"', ruth.client.get("/settings/hours").text)
    assert offered == [second], "what holds already is not offered again"
    world.people.customer.dials(LINE).hears("We're closed at the moment").hangs_up()

    assert ruth.sends("/settings/hours/closing", do="open").status_code == 303
    assert "Open now; closes at 4:00 PM PST." in ruth.sees("/settings/hours")
    world.people.customer.dials(LINE).hears("For an onsite visit")
    assert changes(world) == [
        ("Ruth", "The line, manually", "not closed", "closed until 2026-11-24 07:00, in the console"),
        ("Ruth", "The line, manually", "closed until 2026-11-24 07:00", "not closed, in the console"),
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-11-23T08:00", "Choose a time ahead"),
        ("2027-01-23T08:00", "within the next 31 days"),
        ("soon", "Enter a date and a time"),
        ("", "Enter a date and a time"),
    ],
)
def test_a_time_that_cannot_be_is_refused_and_kept_in_the_field(
    world: World, ruth: Window, typed: str, words: str
) -> None:
    answer = ruth.sends("/settings/hours/closing", until=typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert f'type="datetime-local" value="{typed}"' in answer.text
    assert changes(world) == []


def test_only_the_owner_closes_it(world: World) -> None:
    window = Window(world, "Olive")
    assert window.sends("/settings/hours/closing", at="2026-11-24T07:00").status_code == 403


def test_a_special_day_has_its_reason_in_spanish(world: World, ruth: Window) -> None:
    typed: dict[str, Any] = WEEK | {"day": "2026-11-23", "reason": "inventory", "spanish": "el inventario"}
    too_long = ruth.sends("/settings/hours", do="save", **typed | {"spanish": "r" * 81})
    assert re.search(r'id="spanish-error">A reason is one line', too_long.text)

    assert ruth.sends("/settings/hours", do="save", **typed).status_code == 303
    assert "inventory (el inventario)" in ruth.sees("/settings/hours")
    caller = world.people.customer.dials(LINE).hears("We're closed today for inventory").presses("9")
    caller.hears("Hoy estamos cerrados por el inventario")


def test_what_waits_for_the_opening_asks_the_closing_too(world: World, ruth: Window) -> None:
    """A callback cannot be postponed into the time when the line is closed manually."""
    world.people.customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we").hangs_up()
    assert ruth.sends("/settings/hours/closing", at="2026-11-25T07:00").status_code == 303
    (callback,) = world.callbacks()

    answer = ruth.sends(f"/callbacks/{callback.id}/due", due_at="2026-11-24T10:00")

    assert "The nearest time it is open: Wed, Nov 25, 2026, 7:00 AM PST." in answer.text
