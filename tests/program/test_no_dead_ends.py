"""Every key, every silence, every word, at every prompt: the call must end, or be listening, or be in line.

The walk posts what the network would post and follows what the documents say, one fresh call for each path; a document
that was seen already is not walked again.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select, update
from werkzeug.test import Client

from ivr.calls.service import on_line
from ivr.db import session
from ivr.dispatch import assignment
from ivr.dispatch import service as dispatch
from ivr.dispatch.models import Offer, Staff
from ivr.intake import service as intakes
from ivr.intake.models import Intake
from ivr.transfers import service as transfers
from tests.world import World

KEYS = ("0", "1", "2", "3", "5", "9", "#", "4155550143")
#: Ends of a document's own: nothing has to come after them.
ENDS = {"Hangup", "Enqueue", "Dial", "Record", "Leave", "Redirect"}
DEPTH = 14
#: What differs from call to call without being another document: ids, rooms, references.
OF_THIS_CALL = re.compile(r"offer=\d+|[0-9a-f]{32}|reference is [A-Z0-9, ]+")
#: What we answer is not executed: the leg is elsewhere, or over.
MOVED_ON = {"is out of line: redirected", "is out of line: hangup", "hangs up"}

#: The walk looks at words, not at the database: one kind of it is enough.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Request = tuple[str, dict[str, str]]


@dataclass(frozen=True)
class Path:
    """What somebody did, and the request that it leads to."""

    did: tuple[str, ...]
    requests: tuple[Request, ...]

    def then(self, did: str, request: Request) -> "Path":
        return Path((*self.did, did), (*self.requests, request))


@dataclass
class Walk:
    """A breadth-first walk over the documents that a kind of call can be given."""

    world: World
    begin: Callable[[str], dict[str, str]]
    seen: set[str] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    sids: Iterator[int] = field(default_factory=count)

    def from_(self, address: str) -> None:
        """Walk everything that can be reached; raises AssertionError at the first dead end."""
        client = self.world.app.test_client()
        paths = deque([Path(("begins",), ((address, {}),))])
        while paths:
            path = paths.popleft()
            document = self._play(client, path)
            words = OF_THIS_CALL.sub("", ET.tostring(document, encoding="unicode"))
            if words in self.seen or len(path.did) > DEPTH:
                continue
            self.seen.add(words)
            verbs = [verb.tag for verb in document]
            if path.did[-1] in MOVED_ON:
                continue
            assert verbs, f"silence after {path.did}"
            assert verbs[-1] in ENDS or verbs == ["Gather"] or document[-1].get("loop") == "0", (
                path.did,
                words,
            )
            self.ends.add(verbs[-1])
            paths.extend(path.then(did, request) for did, request in choices(document, path.requests[-1][0]))

    def _play(self, client: Client, path: Path) -> ET.Element:
        sid = f"CA{next(self.sids):032d}"
        extra = self.begin(sid)
        for address, form in path.requests:
            url = address.format(**extra)
            whole = {"CallSid": sid, "From": "+14155552671", "CallStatus": "in-progress", **form}
            answer = client.post(url, **self.world.signed(url, **whole))
            assert answer.status_code == 200, (path.did, answer.status)
        return ET.fromstring(answer.data)  # noqa: S314  # our own answer


def choices(document: ET.Element, own: str) -> Iterator[tuple[str, Request]]:
    """Everything that can happen under this document."""
    for verb in document:
        here = verb.get("action") or own
        if verb.tag == "Gather":
            yield from ((f"presses {keys}", (local(here), {"Digits": keys})) for keys in KEYS)
            if "speech" in (verb.get("input") or ""):
                yield "says something", (local(here), {"SpeechResult": "no dial tone", "Confidence": "0.4"})
                yield "asks for a person", (local(here), {"SpeechResult": "operator"})
        elif verb.tag == "Redirect":
            yield "is silent", (local(verb.text or own), {})
        elif verb.tag == "Record":
            clip = {"RecordingUrl": "https://api.twilio.test/RE1", "RecordingDuration": "3"}
            yield "leaves a clip", (local(here), clip)
            yield "leaves nothing", (local(here), {})
            yield "hangs up", (local(here), {**clip, "Digits": "hangup", "CallStatus": "completed"})
        elif verb.tag == "Enqueue":
            yield "waits", (local(verb.get("waitUrl") or own), {"QueuePosition": "3", "AvgQueueTime": "200"})
            for result in ("leave", "queue-full", "error", "system-error", "redirected", "hangup", "bridged"):
                yield f"is out of line: {result}", (local(here), {"QueueResult": result})
        elif verb.tag == "Dial":
            yield "leaves the room", (local(here), {"DialCallStatus": "answered"})
            yield "hangs up", (local(here), {"DialCallStatus": "answered", "CallStatus": "completed"})


def local(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


@pytest.mark.parametrize("wall_clock", ["2026-11-23 10:00:00", "2026-11-26 10:00:00"])
def test_a_caller_always_gets_on(world: World, wall_clock: str) -> None:
    world.is_now(wall_clock)
    walk = Walk(world, begin=lambda _sid: {})

    walk.from_("/voice/incoming")

    assert len(walk.seen) > 15
    assert "Hangup" in walk.ends
    print(f"{len(walk.seen)} documents")  # noqa: T201  # the figure that the closing note quotes


@pytest.mark.parametrize(
    "door",
    ["/voice/rescue/staff_left", "/voice/rescue/nobody_came", "/voice/waiting/joined", "/voice/waiting/line"],
)
def test_a_caller_who_was_sent_somewhere_gets_on(world: World, door: str) -> None:
    walk = Walk(world, begin=lambda _sid: {})

    walk.from_(door)

    assert len(walk.seen) > 3


@pytest.mark.parametrize(
    "door",
    [
        "/voice/screening/brief?offer={offer}",
        "/voice/desk/menu?offer={offer}",
        "/voice/desk/transfer?offer={offer}",
        "/voice/desk/nobody_took_it?offer={offer}",
        "/voice/desk/caller_gone?offer={offer}",
        "/voice/desk/consultation?offer={offer}",
    ],
)
def test_a_technician_always_gets_on(world: World, door: str) -> None:
    walk = Walk(world, begin=lambda sid: offer_a_caller(world, sid, accepted="desk" in door))

    walk.from_(door)

    assert len(walk.seen) > 3


def test_an_operator_always_gets_on(world: World) -> None:
    walk = Walk(world, begin=lambda sid: transfer_a_caller(world, sid))

    walk.from_("/voice/briefing/brief?offer={offer}")

    assert len(walk.seen) > 3


def offer_a_caller(world: World, sid: str, *, accepted: bool) -> dict[str, str]:
    """A caller waits and has been offered to a technician, whose leg is ``sid``."""
    with world.database.transaction():
        start_afresh()
        call = on_line(f"{sid}c", "+12125550188")
        intakes.join_line(call.intake)
        assignment.assign()
        offer = dispatch.find(newest_offer(call.intake_id), sid)
        assert offer is not None
        if accepted:
            dispatch.accept(offer)
            dispatch.give_caller_to(offer)
        return {"offer": str(offer.id)}


def transfer_a_caller(world: World, sid: str) -> dict[str, str]:
    """A technician has begun a transfer, and an operator, whose leg is ``sid``, is rung."""
    begun = offer_a_caller(world, f"{sid}t", accepted=True)
    with world.database.transaction():
        offer = dispatch.offer_with_staff(int(begun["offer"]))
        transfers.begin(offer)
        transfers.go_on(offer.intake_id)
        operators = newest_offer(offer.intake_id)
        dispatch.find(operators, sid)
        return {"offer": str(operators)}


def newest_offer(intake_id: int) -> int:
    found = session.scalar(
        select(Offer.id).where(Offer.intake_id == intake_id).order_by(Offer.id.desc()).limit(1)
    )
    assert found is not None
    return found


def start_afresh() -> None:
    """Nobody waits, everybody is free."""
    session.execute(update(Staff).values(offer_id=None))
    session.execute(update(Intake).values(state="closed"))
