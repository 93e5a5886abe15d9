"""The board: who waits, whose telephone rings, who talks with whom, what is owed, and who is there."""

import re
from datetime import timedelta

from sqlalchemy import event, select

from ivr.backoffice.line_closing import closures
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.calls import service as calls
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import service as hours
from ivr.company.hours.rules import COMPANY
from ivr.company.policy.service import Command
from ivr.core import clock
from ivr.services import services
from ivr.web.console.board.shared import SharedBoard
from tests.support.openings import accepts, consult, gets_in_line, talk
from tests.support.windows import Window
from tests.support.world import LINE, Everybody, World


def test_an_empty_board_says_what_will_be_where(world: World) -> None:
    seen = Window(world, "Olive").sees()
    assert "Nobody is waiting." in seen
    assert "No callbacks to make." in seen


def test_a_caller_is_on_the_board_from_the_first_ring(world: World, people: Everybody) -> None:
    world.off_shift("dana", "tomas")
    people.customer.dials(LINE).hears("For an onsite visit, press 1")
    olive = Window(world, "Olive")
    assert "Waiting 1 (415) 555-2671 0:0" in olive.sees()
    assert "Answering questions" in olive.sees()


def test_callers_wait_in_the_order_of_their_arrival(world: World, people: Everybody) -> None:
    for name in ("Dana", "Tomas"):
        Window(world, name).sends(f"/staff/{Window(world, name).id}/availability", undo=True)
    Window(world, "Dana").sends(f"/staff/{Window(world, 'Dana').id}/availability")
    gets_in_line(people.customer, words="the first is dead")
    people.dana.rings()
    second = world.handset("+12125550188", "Second").dials(LINE)
    second.hears("press 1").presses("1").hears("call you back").presses("1").hears("wrong").says(
        "the second is dead"
    )
    second.hears("Please hold")
    world.advance(5)

    seen = Window(world, "Olive").sees()

    assert "Ringing 1 Place 1 (415) 555-2671" in seen
    assert "the first is dead Calling Dana" in seen
    assert "Waiting 1 Place 2 (212) 555-0188" in seen
    assert "the second is dead" in seen


def test_a_conversation_and_what_becomes_of_it(world: World, people: Everybody) -> None:
    talk(people)
    olive = Window(world, "Olive")
    assert "Talking 1" in olive.sees()
    assert "With Dana" in olive.sees()

    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    assert "On hold Being transferred" in olive.sees()
    assert "Calling Olive" in olive.sees()

    accepts(people.olive)
    assert "Private consultation" in olive.sees()
    assert "With Dana, Olive" in olive.sees()


def test_a_dropped_caller_is_owed_a_callback(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    world.advance(1)
    olive = Window(world, "Olive")
    assert "Not on the line" in olive.sees(), "Dana is still on the telephone"
    people.dana.hangs_up()
    world.off_shift("dana", "tomas")
    world.advance(1)

    assert "Callbacks and tasks 1 (415) 555-2671 in 1 min The call dropped" in olive.sees()
    world.advance(40 * 60)
    assert "overdue 9 min Task The call dropped" in olive.sees(), "after two tries it is for a person"


def test_a_price_that_is_promised_has_a_lane_of_its_own(world: World, people: Everybody) -> None:
    world.off_shift("dana", "tomas")
    people.customer.dials(LINE).hears("For an onsite visit, press 1")
    with world.database.transaction() as session:
        then = clock.now() + timedelta(hours=2)
        intake_id = session.scalars(select(Intake.id)).one()
        moments = {"due_at": then, "arrived_at": then, "created_at": then}
        session.add(
            Callback(
                intake_id=intake_id,
                number="+14155552671",
                reason=CallbackReason.ESTIMATE,
                state=CallbackState.TASK,
                **moments,
            )
        )

    seen = Window(world, "Olive").sees()

    assert "Callbacks and tasks 0" in seen
    assert "Calls with a price 1 (415) 555-2671 in 2 h Task" in seen


def test_who_goes_away_is_not_rung_and_comes_back_to_the_next_caller(world: World, people: Everybody) -> None:
    dana, tomas = Window(world, "Dana"), Window(world, "Tomas")
    assert dana.sends(f"/staff/{dana.id}/availability", undo=True).status_code == 204
    assert "Dana technician Away" in tomas.sees()
    gets_in_line(people.customer)
    people.tomas.rings()
    people.dana.does_not_ring(for_seconds=5)

    dana.sends(f"/staff/{dana.id}/availability")
    people.tomas.declines()

    people.dana.rings(within=1)


def test_only_the_owner_sends_others_away(world: World) -> None:
    dana, olive, ruth = Window(world, "Dana"), Window(world, "Olive"), Window(world, "Ruth")
    assert olive.sends(f"/staff/{dana.id}/availability", undo=True).status_code == 403
    assert "Dana technician Available" in olive.sees()
    assert ruth.sends(f"/staff/{dana.id}/availability", undo=True).status_code == 204
    assert "Dana technician Away" in olive.sees()
    assert ruth.sends("/staff/999/availability").status_code == 404


def test_a_line_that_is_closed_by_hand_says_so_on_every_open_board(world: World) -> None:
    dana, ruth = Window(world, "Dana"), Window(world, "Ruth")
    stream = dana.streams(since=0)
    stream.hears("here")
    assert "Closed manually" not in dana.sees()

    ruth.sends("/settings/hours/closing", until="2026-11-23T14:00")
    stream.hears("changed")
    assert "Closed manually until Mon, Nov 23, 2026, 2:00 PM PST, by Ruth." in dana.sees("/board")
    with world.database.transaction():
        closures.set_message(calls.new_intake("+14155550131"), Command("Ruth"))
    assert "Callers hear Ruth's own words." in dana.sees("/board")

    ruth.sends("/settings/hours/closing", do="open")
    assert "Closed manually" not in dana.sees("/board")


def test_the_board_is_a_handful_of_statements(world: World, people: Everybody) -> None:
    with world.database.transaction():
        hours.set_calendar(COMPANY)  # as owners do
    consult(people)
    asked: list[str] = []
    event.listen(world.database.engine, "after_cursor_execute", lambda _c, _cur, sql, *_: asked.append(sql))
    Window(world, "Olive").sees("/board")
    assert len([sql for sql in asked if sql.startswith("SELECT")]) <= 16


def test_windows_that_were_told_of_the_same_event_share_one_look(world: World, people: Everybody) -> None:
    services(world.app).keep(SharedBoard(world.database, keeps=60))
    windows = [Window(world, name) for name in ("Olive", "Pedro", "Ruth")]
    consult(people)
    stream = windows[0].streams()
    stream.hears("here")
    stream.closes()
    looks: list[str] = []
    event.listen(
        world.database.engine,
        "after_cursor_execute",
        lambda _c, _cur, sql, *_: looks.append(sql) if "FROM outage" in sql else None,
    )
    told = {"X-Live": "1", "Last-Event-ID": str(stream.id)}

    olives, pedros, ruths = (window.client.get("/board", headers=told).text for window in windows)

    assert len(looks) == 1
    mine = [re.findall(r'id="availability-(\d+)"', page) for page in (olives, pedros)]
    assert mine == [[str(windows[0].id)], [str(windows[1].id)]]
    assert ruths.count('id="availability-') > 2, "the owner sets everybody away"
    assert len(re.findall('name="csrf_token" value=".{40,}?"', olives)) == olives.count("<form")
    ids = [re.findall('name="form_id" value="(.*?)"', page) for page in (olives, pedros, ruths)]
    assert [len(set(each)) for each in ids] == [1, 1, 1]
    assert len({each[0] for each in ids}) == 3, "each page's forms have their own id"

    people.customer.hangs_up()
    later = {"X-Live": "1", "Last-Event-ID": str(stream.id + 1)}
    windows[1].client.get("/board", headers=later)
    windows[2].client.get("/board", headers=told)
    assert len(looks) == 2, "what has happened since is looked for; whoever knows less sees it too"
    windows[0].sees("/board")
    assert len(looks) == 3, "whoever was told of nothing sees what there is now"
