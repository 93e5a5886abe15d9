"""The exchange that the request at hand was made to."""

from typing import TYPE_CHECKING, Final, cast

from flask import request

from twilio_simulator.webhooks import API_VERSION

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange

#: Where the gate puts it in the environment of a request.
EXCHANGE: Final = "twilio_simulator.exchange"


def current_exchange() -> "Exchange":
    return cast("Exchange", request.environ[EXCHANGE])


def uri(of: str) -> str:
    """The path of a resource of the account, as the answers of the API give it."""
    return f"/{API_VERSION}/Accounts/{current_exchange().account_sid}/{of}"
