"""The owner sets who works when, and staff ask for leave and swap shifts; what is refused is said beside its field."""

from datetime import time
from typing import Any

import pytest

from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import WeeklyHours
from ivr.company.staff import roster
from tests.support.windows import Window
from tests.support.world import World
from tests.web.settings.owner import changes


def page_of(world: World, name: str) -> str:
    with world.database.reading():
        return f"/settings/shifts/{roster.by_name_or_phone(name).id}"


def week_of(world: World, name: str) -> list[WeeklyHours]:
    with world.database.reading():
        return shifts.weekly_hours(roster.by_name_or_phone(name).id)


@pytest.fixture
def two(world: World) -> World:
    """Dana works in the mornings, and Tomas in the afternoons."""
    with world.database.transaction():
        for name, first, last in (("dana", 7, 12), ("tomas", 12, 16)):
            week = [WeeklyHours(day, time(first), time(last)) for day in range(5)]
            shifts.set_week(Command("tests"), roster.by_name_or_phone(name), week)
    return world


def test_a_week_is_filled_in_from_monday_and_saved(world: World, ruth: Window) -> None:
    page = page_of(world, "dana")
    typed: dict[str, Any] = {
        "starts_0_0": "07:00",
        "ends_0_0": "12:00",
        "starts_0_1": "22:00",
        "ends_0_1": "06:00",
    }

    copied = ruth.sends(f"{page}/week", **typed, do="copy")
    assert 'name="starts_4_1" type="time" value="22:00"' in copied.text
    assert week_of(world, "dana") == []

    whole: dict[str, Any] = {
        f"{one}_{day}_{n}": typed[f"{one}_0_{n}"]
        for one in ("starts", "ends")
        for day in range(5)
        for n in (0, 1)
    }
    assert ruth.sends(f"{page}/week", **whole, zone="America/Denver", do="save").status_code == 303
    assert week_of(world, "dana")[:2] == [
        WeeklyHours(0, time(7), time(12)),
        WeeklyHours(0, time(22), time(6)),
    ]
    assert "Technician, 65 hours a week." in ruth.sees(page)
    assert changes(world)[-1][1] == "Shifts of Dana"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"starts_0_0": "07:00"}, 'id="starts_0_0-error">Enter both times'),
        ({"starts_0_0": "7h", "ends_0_0": "08:00"}, 'id="starts_0_0-error">Enter a time'),
        (
            {
                "starts_2_0": "07:00",
                "ends_2_0": "12:00",
                "starts_2_1": "11:00",
                "ends_2_1": "13:00",
                "starts_3_0": "07:00",
                "ends_3_0": "12:00",
            },
            'id="starts_2_1-error">This shift overlaps',
        ),
        ({"zone": "Mars"}, 'id="zone-error">That is not the name of a time zone'),
    ],
)
def test_a_week_that_cannot_be_is_refused_beside_its_field(
    world: World, ruth: Window, typed: dict[str, Any], error: str
) -> None:
    answer = ruth.sends(page_of(world, "dana") + "/week", **typed, do="save")

    assert answer.status_code == 422
    assert error in answer.text
    assert answer.text.count('class="error"') == 1
    assert all(f'value="{words}"' in answer.text for words in typed.values())


def test_the_buttons_of_a_row_change_the_form_alone(world: World, ruth: Window, two: World) -> None:
    page = page_of(two, "dana")
    typed: dict[str, Any] = {"starts_0_0": "07:00", "ends_0_0": "12:00"}

    assert 'name="starts_0_1"' in ruth.sends(f"{page}/week", **typed, do="add_0").text
    assert 'value="07:00"' not in ruth.sends(f"{page}/week", **typed, do="remove_0_0").text
    with two.database.reading():
        tomas = roster.by_name_or_phone("tomas").id
    theirs = ruth.sends(f"{page}/week", colleague=str(tomas), do="from").text
    assert 'name="starts_3_0" type="time" value="12:00"' in theirs
    assert len(week_of(world, "dana")) == 5


def test_leave_is_seen_as_a_gap_and_taken_back(two: World, ruth: Window) -> None:
    page = page_of(two, "tomas")
    assert ruth.sends(f"{page}/changes", first="2026-11-25", reason="Dentist", do="off").status_code == 303

    assert "Wed, Nov 25 off: Dentist by Ruth Take back" in ruth.sees(page)
    picture = ruth.sees("/settings/shifts?day=2026-11-25")
    assert "Missing ⚠ 12:00 PM to 4:00 PM: no technician" in picture
    assert "Tomas off Spanish, English" in picture
    assert changes(two)[-1][1:] == (
        "Shifts of Tomas",
        "",
        "off 2026-11-25 00:00 to 2026-11-26 00:00",
    )

    assert ruth.sends("/settings/shifts/changes/1/take-back", do="take_back").status_code == 303
    assert "no technician ⚠" not in ruth.sees("/settings/shifts?day=2026-11-25")
    assert "Tomas 12:00 PM to 4:00 PM" in ruth.sees("/settings/shifts?view=week")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"first": "soon", "do": "off"}, 'id="first-error">Enter a date'),
        (
            {"first": "2026-11-25", "last": "2026-11-24", "do": "off"},
            'id="last-error">The last day is before',
        ),
        (
            {"first": "2026-11-25", "last": "2026-11-26", "from": "07:00", "to": "08:00", "do": "off"},
            "Hours are of one",
        ),
        ({"first": "2026-11-25", "do": "on"}, 'id="from-error">An extra shift has hours'),
        ({"first": "2026-11-20", "do": "off"}, 'id="first-error">That time is over'),
    ],
)
def test_a_change_that_cannot_be_is_refused_beside_its_field(
    two: World, ruth: Window, typed: dict[str, Any], error: str
) -> None:
    answer = ruth.sends(page_of(two, "dana") + "/changes", **typed)

    assert answer.status_code == 422
    assert error in answer.text


def test_leave_is_asked_for_on_ones_own_page_and_granted_by_the_owner(two: World, ruth: Window) -> None:
    dana = Window(two, "Dana")
    assert dana.sends("/account/shifts", first="2026-11-25", reason="Wedding", do="leave").status_code == 303
    assert "Wed, Nov 25 Leave: waiting for an answer" in dana.sees("/account/shifts")

    assert "Dana asks for leave Wed, Nov 25: Wedding" in ruth.sees("/settings/shifts")
    assert ruth.sends("/settings/shifts/requests/1", do="yes").status_code == 303

    assert "Wed, Nov 25 Leave: agreed" in dana.sees("/account/shifts")
    assert ruth.sends("/settings/shifts/requests/1", do="no").status_code == 409


def test_a_shift_changes_hands_between_two_pages(two: World) -> None:
    dana, tomas = Window(two, "Dana"), Window(two, "Tomas")
    with two.database.reading():
        taker = str(roster.by_name_or_phone("tomas").id)
    wednesday = "2026-11-25T15:00:00+00:00"
    offer: dict[str, Any] = {
        "shift": wednesday,
        "from": "08:00",
        "to": "10:00",
        "taker": taker,
        "do": "offer",
    }
    assert dana.sends("/account/shifts", **offer | {"to": "13:00"}).status_code == 422
    assert dana.sends("/account/shifts", **offer).status_code == 303

    assert "Wed, Nov 25, 8:00 AM to 10:00 AM A shift of Dana Take it Decline" in tomas.sees("/account/shifts")
    assert dana.sends("/account/shifts", request="1", do="accept").status_code == 404
    assert tomas.sends("/account/shifts", request="1", do="accept").status_code == 303

    assert "Offered to Tomas: agreed" in dana.sees("/account/shifts")
    assert "Wed, Nov 25, 8:00 AM to 10:00 AM" in tomas.sees("/account/shifts")
    late = tomas.sends("/account/shifts", request="1", do="accept")
    assert 'id="offers-error">That has been decided in the meantime' in late.text


def test_whoever_has_no_weekly_shifts_is_offered_no_swap(world: World) -> None:
    page = Window(world, "Dana").sees("/account/shifts")

    assert "You have no weekly shifts" in page
    assert "Offer a shift" not in page


def test_only_the_owner_sets_shifts(two: World) -> None:
    for name in ("Dana", "Olive"):
        window = Window(two, name)
        assert window.client.get("/settings/shifts").status_code == 403
        assert (
            window.sends(page_of(two, "dana") + "/changes", first="2026-11-25", do="off").status_code == 403
        )


def test_the_board_says_until_when_somebody_is_off_shift(two: World, ruth: Window) -> None:
    assert "Tomas technician, es en Off shift until 12:00 PM" in ruth.sees()

    two.is_now("2026-11-23 12:00:30")

    again = Window(two, "Ruth")
    assert "Off shift until Tue 7:00 AM" in again.sees()
    assert "Off shift" in again.sees("/settings/staff")
