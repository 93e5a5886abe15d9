"""What a plain whole call costs in webhooks and in requests to the network, and what a report costs that is no news.

The numbers are exact: one more, or one fewer, is a decision (docs/decisions/0030-fewer-webhooks.md). The network's
fetches of our sounds are no webhooks.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import event, select

from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.routing.models import StaffCall
from tests.support.openings import gets_in_line, hand_over, talk
from tests.support.world import Everybody, World

#: By their names in Twilio's documentation.
WEBHOOKS: Final = {
    "voice.inbound": 1,
    "gather.action.dtmf": 6,  # two of the caller; one when each of the two accepts; two in the star menu
    "gather.action.speech": 1,
    "enqueue.wait_url": 1,
    "voice.outbound_api.url": 2,
    "voice.continue": 2,  # the caller joins the conference; the technician joins the consultation
    "dial.action.conference": 4,  # two stars; the caller has hung up; the operator is alone
    "conference.wait_url": 1,
    "conference.hold_url": 1,
    "conference.participant-join": 4,
    "conference.conference-start": 1,
    "call.status.initiated": 2,
    "call.status.completed": 2,
    "number.status_callback": 1,
}
REQUESTS: Final = {
    "POST Calls": 2,
    "POST Calls/SID": 2,
    "POST Conferences/SID/Participants/SID": 2,  # the caller is held, and released
}


def whole_call(people: Everybody) -> None:
    """The customer, the technician, the operator, the hand-over and the end."""
    hand_over(people)
    people.customer.hangs_up()
    people.olive.hears("caller hung up").hangs_up()


def test_a_whole_call_takes_so_many_webhooks_and_no_more(world: World, people: Everybody) -> None:
    whole_call(people)
    sent = Counter(one.kind for one in world.exchange.webhooks.sent if one.kind != "media")

    assert sent == WEBHOOKS
    assert sent.total() <= 30


def test_a_whole_call_takes_so_many_requests_to_the_network(world: World, people: Everybody) -> None:
    whole_call(people)
    asked = [(method, address.split("/Accounts/")[1]) for method, address in world.asked.requests]

    assert Counter(f"{method} {named(address)}" for method, address in asked) == REQUESTS


def named(address: str) -> str:
    """The resource, without the account and whatever names one of its kind."""
    _, _, resource = address.removesuffix(".json").partition("/")
    return re.sub(r"(CA|CF)[0-9a-f]{32}", "SID", resource)


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """What the database is asked meanwhile: the first word of each statement."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: Any) -> None:
        asked.append(statement.split(maxsplit=1)[0])

    event.listen(world.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(world.database.engine, "before_cursor_execute", note)


def report(world: World, path: str, **form: str) -> list[str]:
    """What it costs that the network reports this: the statements, without BEGIN."""
    client = world.app.test_client()
    with statements(world) as asked:
        assert client.post(path, base_url=world.address, **world.signed(path, **form)).status_code == 204
    return [one for one in asked if one != "BEGIN"]


@pytest.mark.parametrize(("status", "sequence"), [("ringing", 1), ("in-progress", 2)])
def test_a_report_of_a_telephone_that_has_answered_by_now_costs_one_look(
    world: World, people: Everybody, status: str, sequence: int
) -> None:
    talk(people)
    told = {"CallSid": people.dana.sid, "CallStatus": status, "SequenceNumber": str(sequence)}

    assert report(world, "/voice/status?offer=1", **told) == ["SELECT"]


def test_a_telephone_that_asks_for_its_first_document_has_answered(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings().waits(3).answers().hears("Press 1 to accept")

    with world.database.reading() as session:
        leg = session.scalars(select(StaffCall)).one()
    assert leg.status == CallStatus.IN_PROGRESS
    assert leg.answered_at is not None
    assert leg.answered_at - leg.started_at >= timedelta(seconds=3)


def test_a_second_report_that_the_caller_has_hung_up_costs_one_look(world: World, people: Everybody) -> None:
    gets_in_line(people.customer).hangs_up()
    told = {"CallSid": people.customer.sid, "CallStatus": "completed", "SequenceNumber": "0"}

    assert report(world, "/voice/status", **told) == ["SELECT"]


@pytest.mark.parametrize("what", ["participant-join", "conference-start"])
def test_whoever_joins_a_conference_that_is_known_costs_one_look(
    world: World, people: Everybody, what: str
) -> None:
    talk(people)
    (room,) = world.exchange.rooms.all.values()
    told = {"FriendlyName": room.name, "ConferenceSid": room.sid, "StatusCallbackEvent": what}

    assert report(world, "/voice/conference", **told) == ["SELECT"]


def test_whoever_leaves_a_conference_costs_nothing(world: World, people: Everybody) -> None:
    """The release before asked for that, and may have begun the conference."""
    talk(people)
    (room,) = world.exchange.rooms.all.values()
    told = {
        "FriendlyName": room.name,
        "ConferenceSid": room.sid,
        "StatusCallbackEvent": "participant-leave",
    }

    assert report(world, "/voice/conference", **told) == []
