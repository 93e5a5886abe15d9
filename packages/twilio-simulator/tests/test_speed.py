"""A thousand calls at once, after which the network holds no more than it promises; and what one call costs.

The cost is CPU time, the best of several rounds: a busy machine stretches that little. ``pytest -s`` shows it.
"""

import gc
import time
import tracemalloc
from collections.abc import Callable

from flask import Flask, Response
from twilio.rest import Client
from werkzeug.datastructures import MultiDict

from simulator_tests.lab import ACCOUNT, CALLER, LINE, MONDAY, ORIGIN, TECHNICIAN, TOKEN, twiml
from twilio_simulator import Exchange, Handset, HeldClock, InProcessTwilio, InProcessWeb, Switches

CALLS = 1000
KEEP = 50
ROUNDS = 5
CALLS_A_ROUND = 5
A_CALL_AT_MOST = 0.050
"""CPU seconds; about 15 ms were measured on a busy machine of two cores."""

MENU = '<Gather numDigits="1" action="/{key}"><Say>Press a key.</Say></Gather>'


def network(documents: dict[str, Callable[[MultiDict[str, str]], str]], keep: int = 1000) -> Exchange:
    app = Flask("app")

    @app.route("/<path>", methods=["GET", "POST"])
    def answer(path: str) -> Response:
        from flask import request  # noqa: PLC0415  # a name of the view alone

        return twiml(documents[path](request.values)) if path in documents else Response(status=204)

    exchange = Exchange(
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        web=InProcessWeb({ORIGIN: app}),
        clock=HeldClock(MONDAY),
        switches=Switches(creates_per_second=1000),
        keep=keep,
    )
    exchange.add_number(LINE, voice_url=f"{ORIGIN}/voice", status_callback=f"{ORIGIN}/status")
    return exchange


def many() -> Exchange:
    """Half of the callers are joined in conferences of two, half are hung up; every fourth is recorded."""

    def chosen(form: MultiDict[str, str]) -> str:
        number = int(form["From"][-4:])
        if number % 2:
            return "<Hangup/>"
        record = 'record="record-from-start"' if number % 8 == 0 else ""
        return f'<Dial timeLimit="14400"><Conference {record}>room {number // 4}</Conference></Dial>'

    return network({"voice": lambda _: MENU.format(key="chosen"), "chosen": chosen}, KEEP)


def ring_all(exchange: Exchange) -> None:
    """A thousand telephones dial in the same moment."""
    callers = [Handset(exchange.phone(f"+1202555{n:04}"), exchange) for n in range(CALLS)]
    for caller in callers:
        caller.phone.dial(LINE)
    exchange.settle()
    assert sum(not leg.over for leg in exchange.legs.values()) == CALLS
    for caller in callers:
        caller.hears("press a key").phone.press("1")
    exchange.advance(3)
    assert sum(not caller.ended for caller in callers) == CALLS // 2
    assert callers[0].is_talking_to(callers[2])
    for caller in callers:
        if not caller.ended:
            caller.phone.hang_up()
    exchange.advance(1)
    assert all(caller.ended for caller in callers)


def test_a_thousand_calls_at_once_leave_no_more_than_is_promised() -> None:
    exchange = many()
    ring_all(exchange)
    holds_little(exchange)
    lines = len(exchange.transcript.entries)
    gc.collect()
    tracemalloc.start(1)
    try:
        ring_all(exchange)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    holds_little(exchange)
    # What stays of a second thousand is their lines in the transcript, and what is promised, renewed.
    lines = len(exchange.transcript.entries) - lines
    assert grown < 1500 * lines, f"{grown} bytes for {lines} lines"


def holds_little(exchange: Exchange) -> None:
    assert len(exchange.legs) == KEEP
    assert len(exchange.rooms.all) == KEEP
    assert len(exchange.recordings.clips) <= 2 * KEEP
    assert sum(phone.last_leg is not None for phone in exchange.phones.values()) == KEEP
    assert len(exchange.webhooks.sent) <= 20 * KEEP
    assert len(exchange.timeline) <= 256
    assert not [clip for clip in exchange.recordings.clips.values() if clip.paused]
    assert {phone.leg for phone in exchange.phones.values()} == {None}


def test_a_whole_call_costs_less_than_fifty_milliseconds() -> None:
    """Dial, speech, a queue, a technician rung over REST who accepts, a conference, hang up."""
    room = '<Dial><Conference endConferenceOnExit="true" statusCallback="/events" '
    room += 'statusCallbackEvent="start end join leave">talk</Conference></Dial>'
    exchange = network(
        {
            "voice": lambda _: (
                '<Gather input="dtmf speech" action="/said"><Say>What is wrong?</Say></Gather>'
            ),
            "said": lambda _: '<Enqueue waitUrl="/wait">line</Enqueue>',
            "wait": lambda _: '<Say>Please wait.</Say><Pause length="10"/>',
            "tech": lambda _: MENU.format(key="join"),
            "join": lambda _: room,
        }
    )
    client = Client(ACCOUNT, TOKEN, http_client=InProcessTwilio(exchange.rest))
    caller, technician = (Handset(exchange.phone(number), exchange) for number in (CALLER, TECHNICIAN))

    def call() -> None:
        caller.dials(LINE).hears("what is wrong").says("no heat").hears("please wait")
        steps = ["initiated", "ringing", "answered", "completed"]
        client.calls.create(
            to=TECHNICIAN,
            from_=LINE,
            url=f"{ORIGIN}/tech",
            status_callback=f"{ORIGIN}/status",
            status_callback_event=steps,
        )
        technician.rings().answers().hears("press a key").presses("1")
        client.calls(caller.sid).update(url=f"{ORIGIN}/join")
        exchange.settle()
        assert caller.is_talking_to(technician)
        caller.hangs_up()
        assert technician.ended

    call()
    best = min(seconds_of(call) for _ in range(ROUNDS))
    print(f"\na whole call: {best * 1000:.1f} ms of CPU")  # noqa: T201  # to be read
    assert len(exchange.legs) == 2 * (1 + ROUNDS * CALLS_A_ROUND)
    assert best < A_CALL_AT_MOST


def seconds_of(call: Callable[[], None]) -> float:
    """CPU seconds of one call, as the mean of a round."""
    began = time.process_time()
    for _ in range(CALLS_A_ROUND):
        call()
    return (time.process_time() - began) / CALLS_A_ROUND
