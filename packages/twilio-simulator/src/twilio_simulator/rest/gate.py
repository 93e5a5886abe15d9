"""The door of the REST API: one request at a time, planned faults, and an eye on calls from inside a webhook."""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from twilio_simulator.client import LOST
from twilio_simulator.rest.context import EXCHANGE
from twilio_simulator.rest.refusals import RefusedError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from twilio_simulator.exchange import Exchange
    from twilio_simulator.faults import RestFault

REFUSALS: Final = {
    429: (20429, "Too Many Requests"),
    500: (20500, "Internal Server Error"),
    503: (20503, "Unavailable"),
}


class Gate:
    def __init__(self, exchange: "Exchange", app: "WSGIApplication") -> None:
        self._exchange = exchange
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        exchange = environ[EXCHANGE] = self._exchange
        with exchange.lock:
            fault = exchange.trouble.rest_fault(method, path)
            if fault is not None and fault.when == "before":
                return _fail(fault, environ, start_response)
            if exchange.webhooks.sending is not None and method == "POST":
                exchange.nested_rest.append(
                    f"{method} {path} while {exchange.webhooks.sending.kind} was answered"
                )
            if fault is None:
                return list(self._app(environ, start_response))
            list(self._app(environ, _nowhere))
            return _fail(fault, environ, start_response)


def _nowhere(*_: Any) -> Any:
    """The answer goes nowhere: its effect has happened, and nobody learns of it."""
    return lambda _: None


def _fail(fault: "RestFault", environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    if fault.status == 0:
        socket = environ.get("werkzeug.socket")
        if socket is not None:
            with suppress(OSError):
                socket.shutdown(2)
        start_response("504 Gateway Timeout", [(LOST, "1")])
        return [b""]
    code, message = REFUSALS[fault.status]
    refusal = RefusedError(code, message, fault.status)
    start_response(f"{fault.status} {message}", [("Content-Type", "application/json")])
    return [json.dumps(refusal.body).encode()]
