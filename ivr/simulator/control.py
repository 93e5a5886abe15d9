"""The control API: the telephones of the network in the hands of a page or a program. JSON in and out.

Only for this machine: the Host must be a loopback name, and a request that changes something must be JSON, which a
page of another site cannot send.
"""

import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, request

from ivr.simulator.calling import NoSuchNumberError
from ivr.simulator.look import look, seen
from ivr.simulator.numbers import is_e164
from ivr.simulator.phone import CannotError, Phone

if TYPE_CHECKING:
    from ivr.simulator.exchange import Exchange
    from ivr.simulator.motor import Motor

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
PHONES_AT_MOST = 50
WORDS_AT_MOST = 1000
STILL_HERE = 15
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def create_control(exchange: "Exchange", motor: "Motor") -> Flask:
    app = Flask("ivr.simulator.control", root_path=__file__.rpartition("/")[0], static_folder="static")
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it
    app.before_request(_only_here)
    app.after_request(_no_strangers)
    app.register_error_handler(CannotError, lambda error: (jsonify(error=str(error)), 409))
    app.register_error_handler(NoSuchNumberError, lambda error: (jsonify(error=f"nobody owns {error}"), 409))
    app.add_url_rule("/", view_func=partial(app.send_static_file, "handset.html"), endpoint="page")
    app.add_url_rule("/phones.json", view_func=partial(_phones, exchange), endpoint="phones")
    app.add_url_rule("/transcript.json", view_func=partial(_transcript, exchange), endpoint="transcript")
    app.add_url_rule("/events", view_func=partial(_events, exchange, motor), endpoint="events")
    app.add_url_rule("/phones", view_func=partial(_add, exchange), endpoint="add", methods=["POST"])
    app.add_url_rule(
        "/phones/<number>/<act>", view_func=partial(_do, exchange), endpoint="do", methods=["POST"]
    )
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


def _phones(exchange: "Exchange") -> Response:
    with exchange.lock:
        return jsonify(look(exchange))


def _transcript(exchange: "Exchange") -> Response:
    after = request.args.get("after", 0, type=int)
    with exchange.lock:
        return jsonify(entries=[seen(entry) for entry in exchange.transcript.entries[max(0, after) :]])


def _events(exchange: "Exchange", motor: "Motor") -> Response:
    def stream() -> Iterator[str]:
        turn = motor.turns
        yield _last(exchange)
        while True:
            now = motor.wait_for_turn(turn, STILL_HERE)
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
            phone.dial(_word("to"))
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
        case _:
            return False
    return True


def _word(name: str) -> str:
    body: Any = request.get_json(silent=True)
    value = body.get(name, "") if isinstance(body, dict) else ""
    return value[:WORDS_AT_MOST] if isinstance(value, str) else ""
