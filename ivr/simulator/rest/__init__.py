"""The REST API, 2010-04-01, as far as voice needs it. One file a resource."""

from typing import TYPE_CHECKING

from flask import Flask, Response, jsonify, request

from ivr.simulator.rest.calls import calls
from ivr.simulator.rest.conferences import conferences
from ivr.simulator.rest.gate import Gate
from ivr.simulator.rest.numbers import numbers
from ivr.simulator.rest.participants import participants
from ivr.simulator.rest.queues import queues
from ivr.simulator.rest.recordings import recordings
from ivr.simulator.rest.refusals import RefusedError, not_found

if TYPE_CHECKING:
    from ivr.simulator.exchange import Exchange

__all__ = ["create_rest"]


def create_rest(exchange: "Exchange") -> Flask:
    app = Flask("ivr.simulator.rest", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it
    app.extensions["exchange"] = exchange
    for resource in (calls, conferences, numbers, participants, queues, recordings):
        app.register_blueprint(resource, url_prefix="/2010-04-01/Accounts/<account>")
    app.wsgi_app = Gate(exchange, app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents it

    @app.before_request
    def who() -> None:
        if request.endpoint and request.endpoint.endswith(".media"):
            return
        known = request.authorization
        if known is None or (known.username, known.password) != (exchange.account_sid, exchange.auth_token):
            raise RefusedError(20003, "Authenticate", 401)
        if request.environ.get("account") not in (None, exchange.account_sid):
            raise not_found()

    @app.url_value_preprocessor
    def one_account(endpoint: str | None, values: dict[str, str] | None) -> None:  # noqa: ARG001 - Flask's signature
        if values is not None:
            request.environ["account"] = values.pop("account", None)

    @app.errorhandler(RefusedError)
    def refused(error: RefusedError) -> tuple[Response, int]:
        return jsonify(error.body), error.status

    @app.errorhandler(404)
    def missing(_: Exception) -> tuple[Response, int]:
        return refused(not_found())

    @app.errorhandler(405)
    def not_so(_: Exception) -> tuple[Response, int]:
        return refused(RefusedError(20004, "Method not allowed", 405))

    return app
