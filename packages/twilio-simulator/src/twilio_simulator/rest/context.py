"""The exchange that the request at hand was made to."""

from typing import TYPE_CHECKING, cast

from flask import current_app

from twilio_simulator.webhooks import API_VERSION

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange


def current_exchange() -> "Exchange":
    return cast("Exchange", current_app.extensions["exchange"])


def uri(of: str) -> str:
    """The path of a resource of the account, as the answers of the API give it."""
    return f"/{API_VERSION}/Accounts/{current_exchange().account_sid}/{of}"
