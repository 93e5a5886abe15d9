"""An alarm by telephone: a person acknowledges with a key, a mailbox does not."""

import pytest
from sqlalchemy import select

from ivr.backoffice.alarms import channels
from ivr.backoffice.alarms.channels import Told
from ivr.backoffice.alarms.models import Alarm
from ivr.backoffice.alarms.rules import NoticeState
from ivr.callcenter.calls.outcomes import Outcome
from ivr.company.policy.causes import LABELS, Cause
from ivr.company.staff import roster
from tests.support.alarms import OWNER, Chat, Watch
from tests.support.world import PEOPLE, World
from twilio_simulator import Handset, Voicemail


@pytest.fixture
def database_url(sqlite_stories: str) -> str:
    """What differs between the databases is in the other stories of this folder."""
    return sqlite_stories


@pytest.fixture
def ruth(world: World, watch: Watch) -> Handset:
    """The owner's telephone; she is told of alarms by it."""
    with watch.database.transaction():
        ruth = roster.by_name_or_phone("ruth")
        channels.add_phone(ruth.id, Told([*LABELS], 0), OWNER)
    return world.handset(PEOPLE["ruth"][2], "Ruth")


def no_operator(watch: Watch, world: World) -> None:
    world.off_shift("olive", "pedro", "ruth")
    watch.looks()
    watch.looks(after=60)


def test_the_owner_hears_what_is_wrong_and_acknowledges_by_key(
    watch: Watch, world: World, ruth: Handset, chat: Chat
) -> None:
    watch.tells(chat, step=1)
    no_operator(watch, world)
    ruth.rings().answers().hears("no operator is on shift").hears("Press 1 to acknowledge").presses("2")
    ruth.hears("no operator is on shift").presses("1").hears("taking care of it")

    (alarm,) = watch.alarms()
    assert alarm.acknowledged_by == "Ruth, by phone"
    assert watch.notices()[0].outcome == Outcome.REACHED
    watch.looks(after=400)
    ruth.does_not_ring(120)
    assert chat.messages == [], "nobody else is told"


def test_a_mailbox_acknowledges_nothing_and_the_next_is_told(
    watch: Watch, world: World, ruth: Handset, chat: Chat
) -> None:
    watch.tells(chat, step=1)
    ruth.behaves_as(Voicemail(after=5))
    no_operator(watch, world)
    watch.looks(after=150)
    watch.looks(after=150)

    (alarm,) = watch.alarms()
    assert alarm.acknowledged_at is None
    call = watch.notices()[0]
    assert (call.state, call.outcome, call.tries) == (NoticeState.SENT, Outcome.MAILBOX, 2)
    assert len(chat.messages) == 1


def test_who_does_not_answer_is_called_twice(watch: Watch, world: World, ruth: Handset) -> None:
    ruth.behaves_as("no_answer")
    no_operator(watch, world)
    world.advance(300)
    assert [number for number, _ in world.asked.dialed] == [PEOPLE["ruth"][2]] * 2
    assert watch.notices()[0].outcome == Outcome.NO_ANSWER


def test_nine_leaves_it_to_somebody_else(watch: Watch, world: World, ruth: Handset) -> None:
    no_operator(watch, world)
    ruth.rings().answers().hears("Press 1 to acknowledge").presses("9").hears("Thank you.")
    world.advance(200)
    assert watch.alarms()[0].acknowledged_at is None
    assert watch.notices()[0].outcome == Outcome.DECLINED


def test_who_says_hello_is_told_who_is_calling(watch: Watch, world: World, ruth: Handset) -> None:
    no_operator(watch, world)
    ruth.rings().answers().hears("no operator").says("Hello?").hears("an alarm for you").says("One.")
    ruth.hears("taking care of it")
    assert watch.alarms()[0].acknowledged_by == "Ruth, by phone"


def test_somebody_who_speaks_spanish_hears_it_in_spanish(watch: Watch, world: World) -> None:
    with watch.database.transaction():
        pedro = roster.by_name_or_phone("pedro")
        channels.add_phone(pedro.id, Told(["no_operator"], 0), OWNER)
    no_operator(watch, world)
    world.people.pedro.rings().answers().hears("no hay ningún operador de turno").hears("Oprima 1")


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("waiting", "waiting in line too long"),
        ("no_technician", "a technician is missing"),
        ("on_call", "nobody on call can be reached"),
        ("callback", "a callback is overdue"),
        ("payment", "there is a payment issue"),
        ("dispute", "disputes a payment"),
        ("network", "didn't answer"),
        ("worker", "no phone rings"),
        ("continuity", "backup took its calls"),
        ("spending", "more than your limit"),
    ],
)
@pytest.mark.one_of(4)
def test_every_cause_is_said(watch: Watch, world: World, ruth: Handset, cause: str, words: str) -> None:
    no_operator(watch, world)
    with watch.database.transaction() as session:
        session.scalars(select(Alarm)).one().cause = Cause(cause)
    ruth.rings().answers().hears(words)


def test_a_test_call_says_that_it_is_one(watch: Watch, world: World, ruth: Handset) -> None:
    with watch.database.transaction():
        channels.test(1)
    world.exchange.settle()
    ruth.rings().answers().hears("This is a test of the alarm").presses("1").hears("taking care of it")
    assert watch.alarms() == []


def test_a_stranger_cannot_acknowledge(watch: Watch, world: World, ruth: Handset) -> None:
    """Another leg than the one that we rang is hung up on."""
    no_operator(watch, world)
    ruth.rings().answers().hears("Press 1 to acknowledge")
    forged = world.signed("/voice/alarm/acknowledged?notice=1", CallSid="CA" + "9" * 32, Digits="1")
    answer = world.app.test_client().post("/voice/alarm/acknowledged?notice=1", **forged)
    assert "<Hangup" in answer.text
    assert watch.alarms()[0].acknowledged_at is None
