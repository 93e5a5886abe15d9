"""One cause is one alarm, told once, however often it comes and however many look."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from ivr.backoffice.alarms import channels, notices
from ivr.backoffice.alarms import service as alarms
from ivr.backoffice.alarms.models import AlarmWatch
from ivr.backoffice.alarms.rules import NoticeState
from ivr.callcenter.calls import network_outages
from ivr.services import services
from ivr.web.health.worker_watch import WorkerWatch
from tests.support.alarms import OWNER, Chat, Watch
from tests.support.openings import gets_in_line
from tests.support.world import World


def test_a_caller_who_waits_too_long_is_told_once_and_its_end_once(
    watch: Watch, world: World, chat: Chat
) -> None:
    watch.tells(chat, causes=["waiting"])
    watch.sets(alarm_wait_seconds="60")
    customer = gets_in_line(world.people.customer)
    watch.looks()
    assert watch.alarms() == []

    watch.looks(after=65)
    watch.looks(after=20)
    reference = world.record()["reference"]
    (told,) = chat.messages
    assert told[0] == "Alarm: Onsite Support"
    assert f"in line for 65 seconds: {reference}." in told[1]
    assert f"{world.address}/alarms" in told[1]
    assert "4155552671" not in str(told)

    customer.hangs_up()
    world.off_shift("dana", "tomas")
    watch.looks()
    assert len(chat.messages) == 1, "it may come back"
    watch.looks(after=601)
    watch.looks(after=20)
    assert [title for title, _ in chat.messages] == ["Alarm: Onsite Support", "Over: Onsite Support"]


def test_a_thousand_flaps_are_one_alarm(
    watch: Watch, world: World, chat: Chat, pytestconfig: pytest.Config
) -> None:
    """Everyday a few are enough to see it."""
    flaps = 1000 if pytestconfig.getoption("--whole") else 5
    watch.tells(chat, causes=["no_operator"])
    watch.tells(chat, causes=["no_operator"], step=1)
    everybody = "olive", "pedro", "ruth"
    world.off_shift(*everybody)
    watch.looks()
    watch.looks(after=60)
    with watch.database.transaction():
        alarms.acknowledge(1, by="Ruth")
    for _ in range(flaps):
        world.on_shift(*everybody)
        watch.looks(after=5)
        world.off_shift(*everybody)
        watch.looks(after=5)

    assert len(chat.messages) == 1
    (alarm,) = watch.alarms()
    assert alarm.times == flaps + 1
    world.on_shift(*everybody)
    watch.looks(after=5)
    watch.looks(after=600)
    assert [title.partition(":")[0] for title, _ in chat.messages] == ["Alarm", "Over"]


def test_two_who_look_at_once_raise_one_alarm(watch: Watch, world: World, chat: Chat) -> None:
    watch.tells(chat)
    with watch.database.transaction():
        network_outages.note_network(answers=False)
    world.advance(61)
    both = Barrier(4)

    def look() -> None:
        for _ in range(3):
            both.wait()
            with watch.database.transaction():
                alarms.look()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(look) for _ in range(4)]:
            done.result()
    world.advance(61)
    watch.looks()
    assert len(watch.alarms()) == 1
    assert len(chat.messages) == 1


def test_what_is_acknowledged_goes_to_nobody_else(watch: Watch, world: World, chat: Chat) -> None:
    watch.tells(chat, causes=["no_operator"])
    watch.tells(chat, step=1, causes=["no_operator"])
    world.off_shift("olive", "pedro", "ruth")
    watch.looks()
    watch.looks(after=60)
    assert len(chat.messages) == 1
    with watch.database.transaction():
        assert alarms.acknowledge(1, by="Ruth")
        assert not alarms.acknowledge(1, by="Olive")
    watch.looks(after=400)
    assert len(chat.messages) == 1
    assert watch.alarms()[0].acknowledged_by == "Ruth"


def test_five_minutes_later_the_next_is_told(watch: Watch, world: World, chat: Chat) -> None:
    watch.tells(chat, causes=["no_operator"])
    watch.tells(chat, step=1, causes=["no_operator"])
    world.off_shift("olive", "pedro", "ruth")
    watch.looks()
    watch.looks(after=60)
    watch.looks(after=299)
    assert len(chat.messages) == 1
    watch.looks(after=1)
    watch.looks(after=20)
    assert len(chat.messages) == 2


def test_in_quiet_hours_it_waits_until_they_end(watch: Watch, world: World, chat: Chat) -> None:
    watch.tells(chat)
    watch.sets(alarm_quiet_from="08:00", alarm_quiet_until="09:30", alarm_urgent="network")
    world.off_shift("olive", "pedro", "ruth")
    watch.looks()
    watch.looks(after=120)
    assert chat.messages == []
    with watch.database.transaction():
        network_outages.note_network(answers=False)
    watch.looks()
    watch.looks(after=60)
    assert len(chat.messages) == 1, "this one was to be told in quiet hours too"
    world.is_now("2026-11-23 09:30:00")
    watch.looks()
    assert len(chat.messages) == 2


def test_what_is_not_taken_is_tried_again(watch: Watch, world: World, chat: Chat) -> None:
    watch.tells(chat, causes=["no_operator"])
    chat.answers = [500, 503]
    world.off_shift("olive", "pedro", "ruth")
    watch.looks()
    watch.looks(after=60)
    assert chat.messages == []
    world.advance(10)
    assert len(chat.messages) == 1
    (notice,) = watch.notices()
    assert (notice.state, notice.tries, notice.lost) == (NoticeState.SENT, 3, 0)


def test_in_the_end_it_is_given_up_and_the_page_says_so(watch: Watch, world: World, chat: Chat) -> None:
    watch.tells(chat, causes=["no_operator"])
    chat.answers = [500] * 20
    world.off_shift("olive", "pedro", "ruth")
    watch.looks()
    watch.looks(after=60)
    world.advance(600)
    (notice,) = watch.notices()
    assert (notice.state, notice.tries) == (NoticeState.FAILED, 8)
    assert chat.url not in str(notice.why)


def test_whoever_dies_while_sending_is_made_up_for_once(watch: Watch, world: World, chat: Chat) -> None:
    """What was sent and not noted is sent once more, and says so; after a second death nobody knows."""
    watch.tells(chat, causes=["no_operator"])
    world.off_shift("olive", "pedro", "ruth")
    watch.looks()
    with world.jobs_held_back():
        world.clock.move_to(world.clock.now().replace(minute=2))
        with watch.database.transaction():
            alarms.look()
        (notice,) = watch.notices()
        with watch.database.transaction():
            assert notices.begin(notice.id, address="")
    assert chat.messages == [], "another has it in hand"
    watch.looks(after=61)
    watch.looks(after=20)
    ((_, text),) = chat.messages
    assert "sent a second time" in text
    assert watch.notices()[0].state == NoticeState.SENT


def test_after_the_second_death_it_is_not_sent_again(watch: Watch, world: World, chat: Chat) -> None:
    watch.tells(chat, causes=["no_operator"])
    world.off_shift("olive", "pedro", "ruth")
    watch.looks()
    with world.jobs_held_back():
        world.clock.move_to(world.clock.now().replace(minute=2))
        with watch.database.transaction():
            alarms.look()
        (notice,) = watch.notices()
        for minute in (3, 5):
            world.clock.move_to(world.clock.now().replace(minute=minute))
            with watch.database.transaction():
                assert notices.begin(notice.id, address="")
    watch.looks(after=61)
    watch.looks(after=61)
    assert chat.messages == []
    assert watch.notices()[0].state == NoticeState.UNKNOWN


def test_a_web_tells_that_no_worker_runs(watch: Watch, world: World, chat: Chat) -> None:
    watch.tells(chat)
    watch.looks()
    web = services(world.app).find(WorkerWatch)
    with world.jobs_held_back():
        web.look()
        assert watch.alarms() == []
        world.clock.move_to(world.clock.now().replace(minute=2))
        web.look()
        web.look()
        ((_, text),) = chat.messages
        assert "The worker does not run" in text
    watch.looks()
    assert watch.alarms()[0].ended_at is not None


def test_a_web_that_finds_no_sign_of_a_worker_waits_first(watch: Watch, world: World) -> None:
    web = services(world.app).find(WorkerWatch)
    web.look()
    with watch.database.reading() as session:
        assert session.scalars(select(AlarmWatch.looked_at)).one() == world.clock.now()
    assert watch.alarms() == []


def test_a_letter_is_sent_once(watch: Watch, world: World) -> None:

    with watch.database.transaction():
        channels.add_mail("Ruth@Example.com ", channels.Told(["no_operator"], 0), OWNER)
    world.off_shift("olive", "pedro", "ruth")
    watch.looks()
    watch.looks(after=60)
    (letter,) = world.letters()
    assert letter.to == "ruth@example.com"
    assert letter.subject == "Alarm: Onsite Support"
    assert "no operator is on shift" in letter.text


def test_what_is_long_over_is_forgotten(watch: Watch, world: World, chat: Chat) -> None:
    watch.tells(chat, causes=["no_operator"])
    with watch.database.transaction():
        channels.test(1)
    world.off_shift("olive", "pedro", "ruth")
    watch.looks()
    watch.looks(after=60)
    world.on_shift("olive", "pedro", "ruth")
    watch.looks()
    watch.looks(after=601)
    assert (len(watch.alarms()), len(watch.notices())) == (1, 3)
    world.clock.move_to(world.clock.now() + timedelta(days=91))
    with watch.database.transaction():
        alarms.forget()
    assert (watch.alarms(), watch.notices()) == ([], [])
