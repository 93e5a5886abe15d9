"""The stream: everybody is told what changed, whoever accepts is told to open it, nothing missed is lost."""

import re

from werkzeug.test import TestResponse

from ivr.platform.timeline import service as timeline
from ivr.services import services
from ivr.web.console.live.feed import AT_MOST, Feed
from tests.support.openings import accepts, gets_in_line, talk
from tests.support.paths import ROOT
from tests.support.windows import Stream, Window, reference
from tests.support.world import LINE, Everybody, World


def told(answer: TestResponse) -> list[tuple[str, str]]:
    """All of a stream that ends by itself."""
    return list(Stream(answer))


def test_every_window_hears_that_an_intake_has_changed(world: World, people: Everybody) -> None:
    olive, ruth = Window(world, "Olive").streams(), Window(world, "Ruth").streams()
    for stream in (olive, ruth):
        stream.hears("here")

    gets_in_line(people.customer)

    for stream in (olive, ruth):
        stream.hears("changed", reference(world))
        stream.closes()


def test_only_the_window_of_whoever_accepts_opens_the_intake(world: World, people: Everybody) -> None:
    dana, olive = Window(world, "Dana").streams(), Window(world, "Olive").streams()
    for stream in (dana, olive):
        stream.hears("here")

    gets_in_line(people.customer)
    accepts(people.dana)

    dana.hears("ringing", reference(world))
    dana.hears("pop", reference(world))
    dana.closes()
    Window(world, "Olive").sends(f"/staff/{Window(world, 'Olive').id}/availability", undo=True)
    told_olive = []
    for event, about in olive:
        told_olive.append(event)
        if not about:  # that she is away, which was the last
            break
    olive.closes()
    assert set(told_olive) == {"changed"}


def test_a_window_that_was_cut_off_is_told_what_it_missed(world: World, people: Everybody) -> None:
    window = Window(world, "Dana")
    stream = window.streams()
    stream.hears("here")
    stream.closes()

    talk(people)

    again = window.streams(since=stream.id)
    again.hears("pop", reference(world))
    again.hears("here")
    again.closes()


def test_what_was_accepted_long_ago_does_not_open_by_itself(world: World, people: Everybody) -> None:
    talk(people)
    world.advance(60)

    missed = Window(world, "Dana").streams(since=0)
    events = []
    for event, _ in missed:
        events.append(event)
        if event == "here":
            break
    missed.closes()
    assert "pop" not in events
    assert "changed" in events


def test_a_window_from_before_the_flood_looks_at_everything_again(world: World) -> None:
    with world.database.transaction():
        for number in range(201):
            timeline.append(None, "staff_away", key=str(number))

    stream = Window(world, "Dana").streams(since=0)
    assert next(iter(stream)) == ("all", "")
    assert stream.id == 201
    stream.closes()


def test_past_the_cap_a_window_asks_now_and_then(world: World, people: Everybody) -> None:
    services(world.app).keep(Feed(world.database, at_most=1))
    first = Window(world, "Olive").streams()
    first.hears("here")
    talk(people)

    answer = Window(world, "Dana").client.get("/stream", headers={"Last-Event-ID": "0"})

    assert "retry: 3000" in answer.text.splitlines()
    assert ("pop", reference(world)) in told(answer)
    first.closes()
    free_again = Window(world, "Dana").streams()
    free_again.hears("here")
    Window(world, "Olive").sends(f"/staff/{Window(world, 'Olive').id}/availability", undo=True)
    free_again.hears("changed")
    free_again.closes()


def test_the_cap_is_half_the_connections_of_a_web_process() -> None:
    settings = (ROOT / "gunicorn.conf.py").read_text().splitlines()
    assert f"worker_connections = {2 * AT_MOST}" in settings


def test_an_id_that_is_none_is_a_new_beginning(world: World) -> None:
    for wrong in ("x", "-1", "1e3", "9" * 40):
        stream = Window(world, "Dana").client.get("/stream", headers={"Last-Event-ID": wrong})
        assert next(iter(Stream(stream))) == ("here", "")
        stream.close()


def test_every_window_hears_that_more_waits_for_a_person(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hangs_up()
    stream = Window(world, "Ruth").streams()
    stream.hears("here")

    Window(world, "Olive").sends(f"/callbacks/{world.callbacks()[0].id}/claim")

    stream.hears("bar", "bar")
    stream.closes()


def test_every_window_hears_at_once_that_a_message_is_new_and_that_a_colleague_has_played_it(
    world: World, people: Everybody
) -> None:
    world.is_now("2026-11-23 18:30:00")
    window = Window(world, "Ruth")
    stream = window.streams()
    stream.hears("here")
    people.customer.dials(LINE).hears("To leave a message, press 2").presses("2")
    people.customer.hears("after the tone").says("The phones on floor two are dead").hears("Goodbye")
    stream.hears("bar", "bar")

    player = re.search(r'src="(/intakes/\w+/clips/\d+)"', window.client.get("/intakes?show=unheard").text)
    assert player, "one press on the list, and it plays"
    assert Window(world, "Olive").client.get(player[1]).status_code == 200
    stream.hears("bar", "bar")
    stream.closes()
    assert 'id="count-messages"' in window.client.get("/bar").text
    assert "not heard yet" not in window.client.get("/bar").text
