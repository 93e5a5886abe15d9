"""The control API: the telephones of the network in the hands of a page or a program. JSON in and out.

| request | body | what it does |
|---|---|---|
| GET /phones.json | | the clock, telephones, rooms, queues, planned faults, warnings |
| GET /transcript.json?after=N | | what was heard, said and pressed since entry N |
| GET /book.json | | roles and links of the telephones, the steps of a call to try (``book.py``), how fast time passes |
| GET /requests.json?after=N | | webhooks and REST requests answered since number N, oldest first, at most 500 |
| GET /events | | server-sent events: one whenever something has happened |
| POST /phones | number, name | another telephone |
| POST /phones/NUMBER/dial | to, stir_verstat (by default the own number passes) | |
| POST /phones/NUMBER/answer, decline, hang-up, drop | | |
| POST /phones/NUMBER/press | keys | |
| POST /phones/NUMBER/say | text | |
| POST /phones/NUMBER/behaviour | behaviour, its settings | what it does when it rings the next time (below) |
| POST /clock | seconds, or to: "next" | moves the clock ahead, doing everything on the way |
| POST /faults | a plan (``fault_plans.py``) | goes wrong with the next one of its kind |
| POST /faults/take-back | the same plan | forgets it |

A behaviour is manual, busy, no_answer or failed; or person, screened_person, voicemail, robot or auto_attendant, each
with the settings that its class in ``behaviours/`` has, all of them optional; or doubles_keys with ``who``: manual, or
person or screened_person with the settings of those.

204 when done; 404 for what does not exist; 409 with ``{"error": "in words"}`` for what cannot be done now; 415 for what
is not JSON. Only for this machine: the Host must be a loopback name (403), and a request that changes something must be
JSON, which a page of another site cannot send. All of it is one table of small views, which is why it is long.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from twilio_simulator.behaviours.by_name import NoSuchBehaviourError, behaviour_from
from twilio_simulator.book import Book
from twilio_simulator.calling import NoSuchNumberError
from twilio_simulator.fault_plans import NotAPlanError, plan_from
from twilio_simulator.numbers import is_e164
from twilio_simulator.phone import CannotError, Phone
from twilio_simulator.state_json import entry_json, network_json, request_json

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange
    from twilio_simulator.real_time_loop import RealTimeLoop
    from twilio_simulator.requests import Journal

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
PHONES_AT_MOST: Final = 50
FAULTS_AT_MOST: Final = 50
WORDS_AT_MOST: Final = 1000
LEAP_AT_MOST: Final = 24 * 3600
STILL_HERE: Final = 15
NO_BOOK: Final = Book()
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

View = Callable[..., ResponseReturnValue]


def create_control(
    exchange: "Exchange", loop: "RealTimeLoop", journal: "Journal", zone: str = "", book: Book = NO_BOOK
) -> Flask:
    """``zone``: in which the page shows the time, such as America/Los_Angeles; without one in the browser's own."""
    app = Flask("twilio_simulator.control", root_path=__file__.rpartition("/")[0], static_folder="static")
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it
    app.before_request(_only_here)
    app.after_request(_no_strangers)
    app.after_request(partial(_say_done, loop))
    for refusal in (CannotError, NotAPlanError, NoSuchBehaviourError):
        app.register_error_handler(refusal, lambda error: (jsonify(error=str(error)), 409))
    app.register_error_handler(NoSuchNumberError, lambda error: (jsonify(error=f"nobody owns {error}"), 409))
    looks: dict[str, View] = {
        "/": partial(app.send_static_file, "switchboard.html"),
        "/phones.json": partial(_phones, exchange, zone),
        "/transcript.json": partial(_transcript, exchange),
        "/requests.json": partial(_requests, exchange, journal),
        "/book.json": partial(_book, book, loop),
        "/events": partial(_events, exchange, loop),
    }
    acts: dict[str, View] = {
        "/phones": partial(_add, exchange),
        "/phones/<number>/<act>": partial(_do, exchange),
        "/clock": partial(_move_clock, exchange, loop),
        "/faults": partial(_plan, exchange),
        "/faults/take-back": partial(_take_back, exchange),
    }
    for path, view in looks.items():
        app.add_url_rule(path, endpoint=path, view_func=view)
    for path, act in acts.items():
        app.add_url_rule(path, endpoint=f"{path} do", view_func=act, methods=["POST"])
    return app


def _only_here() -> tuple[Response, int] | None:
    if request.host.rpartition(":")[0] not in LOOPBACK and request.host not in LOOPBACK:
        return jsonify(error="only from this machine"), 403
    if request.method == "POST" and request.mimetype != "application/json":
        return jsonify(error="send JSON"), 415
    return None


def _no_strangers(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _say_done(loop: "RealTimeLoop", answer: Response) -> Response:
    """Not all that is done makes the network move by itself: a behaviour, a fault, another telephone."""
    if request.method == "POST" and answer.status_code == HTTPStatus.NO_CONTENT:
        loop.turn()
    return answer


def _phones(exchange: "Exchange", zone: str) -> Response:
    with exchange.lock:
        return jsonify(network_json(exchange) | {"zone": zone})


def _transcript(exchange: "Exchange") -> Response:
    with exchange.lock:
        return jsonify(entries=[entry_json(entry) for entry in exchange.transcript.entries[_after() :]])


def _requests(exchange: "Exchange", journal: "Journal") -> Response:
    with exchange.lock:
        return jsonify(requests=[request_json(one, exchange) for one in journal.after(_after())])


def _book(book: Book, loop: "RealTimeLoop") -> Response:
    return jsonify(asdict(book) | {"speed": loop.speed})


def _after() -> int:
    return max(0, request.args.get("after", 0, type=int))


def _events(exchange: "Exchange", loop: "RealTimeLoop") -> Response:
    def stream() -> Iterator[str]:
        turn = loop.turns
        yield _last(exchange)
        while True:
            now = loop.wait_for_turn(turn, STILL_HERE)
            yield ": still here\n\n" if now == turn else _last(exchange)
            turn = now

    return Response(stream(), mimetype="text/event-stream")


def _last(exchange: "Exchange") -> str:
    return f"data: {json.dumps({'last': len(exchange.transcript.entries)})}\n\n"


def _add(exchange: "Exchange") -> tuple[Response | str, int]:
    number, name = _word("number"), _word("name")
    if not is_e164(number) or exchange.numbers.owned(number) or len(name) > 40:
        return jsonify(error="a number like +12025550111 that is not the line's own, and a short name"), 409
    with exchange.lock:
        if number not in exchange.phones and len(exchange.phones) >= PHONES_AT_MOST:
            return jsonify(error="there are telephones enough"), 409
        exchange.phone(number, name)
    return "", 204


def _do(exchange: "Exchange", number: str, act: str) -> tuple[Response | str, int]:
    with exchange.lock:
        phone = exchange.phones.get(number)
        if phone is None:
            return jsonify(error="no such telephone"), 404
        if not _act(phone, act):
            return jsonify(error="no such act"), 404
    return "", 204


def _act(phone: Phone, act: str) -> bool:
    match act:
        case "dial":
            phone.dial(_word("to"), stir_verstat=_word("stir_verstat") or None)
        case "answer":
            phone.answer()
        case "decline":
            phone.decline()
        case "press":
            phone.press(_word("keys"))
        case "say":
            phone.say(_word("text"))
        case "hang-up":
            phone.hang_up()
        case "drop":
            phone.drop()
        case "behaviour":
            phone.behaviour = behaviour_from(_body())
        case _:
            return False
    return True


def _move_clock(exchange: "Exchange", loop: "RealTimeLoop") -> tuple[str, int]:
    """The leap goes on after the answer; /phones.json shows how far it is."""
    seconds = _body().get("seconds")
    if _word("to") == "next":
        with exchange.lock:
            due = exchange.timeline.next_due()
            if due is None:
                raise CannotError("nothing is going to happen by itself")
            seconds = max(0.001, (due - exchange.clock.now()).total_seconds())
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= LEAP_AT_MOST:
        raise CannotError(f"seconds: more than 0, at most {LEAP_AT_MOST}")
    loop.advance(seconds)
    return "", 204


def _plan(exchange: "Exchange") -> tuple[str, int]:
    plan, trouble = plan_from(_body()), exchange.trouble
    with exchange.lock:
        if len(trouble.planned) >= FAULTS_AT_MOST:
            raise CannotError("there are faults enough")
        trouble.plan(plan)
    return "", 204


def _take_back(exchange: "Exchange") -> tuple[str, int]:
    plan = plan_from(_body())
    with exchange.lock:
        if not exchange.trouble.take_back(plan):
            raise CannotError("that is not planned, or has happened already")
    return "", 204


def _body() -> dict[str, Any]:
    body: Any = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _word(name: str) -> str:
    value = _body().get(name, "")
    return value[:WORDS_AT_MOST] if isinstance(value, str) else ""
