"""The REST API, 2010-04-01, as far as voice needs it, and that of Studio, v2. One file a resource."""

from functools import cache
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, jsonify, request

from twilio_simulator.rest.call_recordings import call_recordings
from twilio_simulator.rest.calls import calls
from twilio_simulator.rest.conferences import conferences
from twilio_simulator.rest.context import current_exchange
from twilio_simulator.rest.executions import executions
from twilio_simulator.rest.flows import flows
from twilio_simulator.rest.gate import Gate
from twilio_simulator.rest.numbers import numbers
from twilio_simulator.rest.participants import participants
from twilio_simulator.rest.queues import queues
from twilio_simulator.rest.recordings import recordings
from twilio_simulator.rest.refusals import RefusedError, not_found
from twilio_simulator.rest.transcriptions import transcriptions

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange

__all__ = ["application", "create_rest"]


def create_rest(exchange: "Exchange") -> Gate:
    """The API of this exchange, as a WSGI application."""
    return Gate(exchange, application())


@cache
def application() -> Flask:
    """Made once for all exchanges of a process: compiling its routes takes as long as ten webhooks."""
    app = Flask("twilio_simulator.rest", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it
    for resource in (
        calls,
        conferences,
        numbers,
        participants,
        queues,
        recordings,
        call_recordings,
        transcriptions,
    ):
        app.register_blueprint(resource, url_prefix="/2010-04-01/Accounts/<account>")
    studio = Blueprint("studio", __name__, url_prefix="/v2")
    studio.register_blueprint(flows)
    studio.register_blueprint(executions)
    app.register_blueprint(studio)
    app.url_value_preprocessor(_take_account)
    app.before_request(_check)
    app.register_error_handler(RefusedError, lambda error: (jsonify(error.body), error.status))
    app.register_error_handler(404, lambda _: (jsonify(not_found().body), 404))
    app.register_error_handler(
        405, lambda _: (jsonify(RefusedError(20004, "Method not allowed", 405).body), 405)
    )
    return app


def _take_account(_endpoint: str | None, values: dict[str, str] | None) -> None:
    """No view needs the account: there is only one."""
    request.environ["account"] = (values or {}).pop("account", None)


def _check() -> None:
    """Who asks, by account SID and token. The sound of a recording is open by default, as at Twilio."""
    known, exchange = request.authorization, current_exchange()
    if request.endpoint == "recordings.media" and not exchange.recordings.media_needs_auth:
        return
    if known is None or (known.username, known.password) != (exchange.account_sid, exchange.auth_token):
        raise RefusedError(20003, "Authenticate", 401)
    if request.environ["account"] not in (None, exchange.account_sid):
        raise not_found()
