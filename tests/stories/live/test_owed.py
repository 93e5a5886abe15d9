"""Callbacks and tasks: claimed by one, placed now, postponed inside hours, closed with a reason."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.openings import are_talking, talk
from tests.support.windows import Window
from tests.support.world import Everybody, World


@pytest.fixture
def owed(world: World, people: Everybody) -> int:
    """Dana's caller was cut off, and Dana and Tomas are away: the id of what is owed to them."""
    talk(people)
    people.customer.hangs_up()
    people.dana.hangs_up()
    for name in ("Dana", "Tomas"):
        window = Window(world, name)
        window.sends(f"/staff/{window.id}/availability", undo=True)
    return world.callbacks()[0].id


def test_whoever_claims_it_keeps_it_and_the_line_rings_nobody_for_it(
    world: World, people: Everybody, owed: int
) -> None:
    olive = Window(world, "Olive")
    assert olive.sends(f"/callbacks/{owed}/claim").status_code == 204
    assert olive.sends(f"/callbacks/{owed}/claim").status_code == 204, "twice is once"
    dana = Window(world, "Dana")
    dana.sends(f"/staff/{dana.id}/availability")
    people.dana.does_not_ring(for_seconds=120)
    assert "Olive has it" in dana.sees("/callbacks")
    assert "Yours" in olive.sees("/callbacks")

    refused = dana.sends(f"/callbacks/{owed}/claim")
    assert (refused.status_code, refused.text) == (409, "Olive claimed it first.")
    assert dana.sends(f"/callbacks/{owed}/end", reason="mine").status_code == 409

    assert olive.sends(f"/callbacks/{owed}/claim", undo=True).status_code == 204
    people.dana.rings(within=2)


def test_ringing_now_rings_whoever_clicks_and_then_the_customer(
    world: World, people: Everybody, owed: int
) -> None:
    olive = Window(world, "Olive")

    assert olive.sends(f"/callbacks/{owed}/call").status_code == 204

    assert "being called" in olive.sees("/callbacks")
    people.olive.rings().answers().hears("Callback. Onsite.").presses("1").hears("Calling the caller")
    people.customer.rings().answers().hears("calling you back").presses("1")
    are_talking(people.olive, people.customer)
    assert world.callbacks()[0].state == "done"
    assert world.record()["operator"] == "Olive"


def test_it_stays_with_whoever_rang_and_was_not_answered_by_their_own_telephone(
    world: World, people: Everybody, owed: int
) -> None:
    olive = Window(world, "Olive")
    olive.sends(f"/callbacks/{owed}/call")
    assert olive.sends(f"/callbacks/{owed}/call").status_code == 409, "her telephone rings already"
    people.olive.rings().declines()
    world.advance(1)

    assert "Yours" in olive.sees("/callbacks")
    assert not people.dana.phone.is_ringing


def test_the_owner_takes_over_what_somebody_has_claimed(world: World, people: Everybody, owed: int) -> None:
    Window(world, "Olive").sends(f"/callbacks/{owed}/claim")
    assert Window(world, "Ruth").sends(f"/callbacks/{owed}/end", reason="they wrote").status_code == 204
    assert world.callbacks()[0].state == "closed"


def test_it_is_postponed_inside_hours_only(world: World, people: Everybody, owed: int) -> None:
    olive = Window(world, "Olive")

    refused = olive.sends(f"/callbacks/{owed}/due", due_at="2026-11-26T09:00")
    assert refused.status_code == 409
    assert "The nearest time it is open: Fri, Nov 27, 2026, 7:00 AM PST." in refused.text, "Thanksgiving"
    for wrong in ("", "tomorrow", "2026-11-23T08:00", "2027-11-23T09:00", "9999-12-31T23:59"):
        assert olive.sends(f"/callbacks/{owed}/due", due_at=wrong).status_code == 409, wrong

    assert olive.sends(f"/callbacks/{owed}/due", due_at="2026-11-24T09:30").status_code == 204
    assert world.callbacks()[0].due_at.isoformat() == "2026-11-24T17:30:00+00:00"
    assert "Olive postponed the callback to Tue, Nov 24, 2026, 9:30 AM PST." in olive.sees(
        f"/intakes/{world.record()['reference']}"
    )


def test_it_is_closed_with_a_reason_and_so_is_what_waited_for_it(
    world: World, people: Everybody, owed: int
) -> None:
    olive = Window(world, "Olive")
    for wrong in ("", "  ", "x" * 301, "a\x00b"):
        assert olive.sends(f"/callbacks/{owed}/end", reason=wrong).status_code == 409
    assert world.callbacks()[0].state == "promised"

    assert olive.sends(f"/callbacks/{owed}/end", reason="They wrote: solved").status_code == 204

    assert world.state() == "closed"
    assert "Olive closed the callback: “They wrote: solved”" in olive.sees(
        f"/intakes/{world.record()['reference']}"
    )
    refused = olive.sends(f"/callbacks/{owed}/call")
    assert "It was just completed or closed" in refused.text


def test_without_a_script_nothing_typed_is_lost(world: World, people: Everybody, owed: int) -> None:
    olive = Window(world, "Olive")
    page = olive.client.get("/callbacks").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]

    answer = olive.client.post(
        f"/callbacks/{owed}/due", data={"due_at": "2026-11-28T09:00", "csrf_token": token}
    )

    assert answer.status_code == 422
    assert "The line is closed then." in answer.text
    assert 'value="2026-11-28T09:00"' in answer.text
    answer = olive.client.post(f"/callbacks/{owed}/claim", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/callbacks")


def test_of_two_who_reach_for_it_at_the_same_moment_one_gets_it(
    world: World, people: Everybody, owed: int
) -> None:
    windows = [Window(world, name) for name in ("Olive", "Pedro", "Dana", "Tomas")]
    tokens = [one.client.get("/").text.split('name="csrf_token" value="')[1].split('"')[0] for one in windows]

    def claim(number: int) -> int:
        form = {"csrf_token": tokens[number]}
        return (
            windows[number]
            .client.post(f"/callbacks/{owed}/claim", data=form, headers={"X-Live": "1"})
            .status_code
        )

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(claim, range(4)))

    assert answers == [204, 409, 409, 409]


def test_a_callback_that_is_nowhere_is_not_found(world: World) -> None:
    for what in ("claim", "call", "due", "end"):
        for number in (999, 2**31, 2**70):
            path = f"/callbacks/{number}/{what}"
            answer = Window(world, "Olive").sends(path, due_at="2026-11-24T09:30", reason="x")
            assert answer.status_code == 404


def test_it_is_put_off_with_one_press(world: World, people: Everybody, owed: int) -> None:
    olive = Window(world, "Olive")
    assert "In an hour 10:0" in olive.sees("/callbacks")
    assert "Tomorrow at 9 Tue 9:00 AM" in olive.sees("/callbacks")

    assert olive.sends(f"/callbacks/{owed}/due", until="tomorrow").status_code == 204
    assert world.callbacks()[0].due_at.isoformat() == "2026-11-24T17:00:00+00:00"
    assert olive.sends(f"/callbacks/{owed}/due", until="hour").status_code == 204
    assert world.callbacks()[0].due_at.isoformat().startswith("2026-11-23T18:0")


def test_it_is_given_to_a_colleague_who_alone_may_go_on(world: World, people: Everybody, owed: int) -> None:
    olive, pedro = Window(world, "Olive"), Window(world, "Pedro")
    assert olive.sends(f"/callbacks/{owed}/assign", staff="99").status_code == 409, "nobody"
    assert olive.sends(f"/callbacks/{owed}/assign", staff=str(pedro.id)).status_code == 204

    assert "Yours" in pedro.sees("/callbacks")
    assert "Pedro has it" in olive.sees("/callbacks")
    assert olive.sends(f"/callbacks/{owed}/assign", staff=str(olive.id)).status_code == 409
    assert "Olive gave the callback to Pedro." in pedro.sees(f"/intakes/{world.record()['reference']}")
    assert "Mine" in pedro.sees("/intakes?show=mine")
    assert f"/intakes/{world.record()['reference']}" in pedro.client.get("/intakes?show=mine").text


def test_notes_are_a_thread_with_names_and_times(world: World, people: Everybody, owed: int) -> None:
    olive, dana = Window(world, "Olive"), Window(world, "Dana")
    path = f"/intakes/{world.record()['reference']}/notes"
    for wrong in ("", " \n ", "x" * 2001):
        assert olive.sends(path, note=wrong).status_code == 409

    assert olive.sends(path, note="Ask for <b>Rosa</b>.\r\nNot before ten.").status_code == 204
    assert dana.sends(path, note="She prefers Spanish.").status_code == 204

    for page in ("/callbacks", f"/intakes/{world.record()['reference']}"):
        seen = olive.sees(page)
        assert "Ask for <b>Rosa</b>. Not before ten. Olive, Mon, Nov 23, 2026, 9:0" in seen, page
        assert seen.index("Ask for") < seen.index("She prefers Spanish. Dana, Mon, Nov 23, 2026, 9:0"), page
    assert "2 notes" in olive.sees("/callbacks")
