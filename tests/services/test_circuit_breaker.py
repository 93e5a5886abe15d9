"""The circuit breaker, and that no request to Twilio passes it by."""

import inspect
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.http.response import Response

from ivr.core import clock
from ivr.platform.providers.circuit_breaker import FAILURES, OPEN_FOR, CircuitBreaker
from ivr.platform.providers.hosted_flows import Definition
from ivr.platform.providers.reports import STAFF_LEG
from ivr.platform.providers.telephone import (
    NotAskedError,
    OutcomeUnknownError,
    Permit,
    RefusedError,
    Telephone,
    WebhookUrls,
)
from ivr.platform.providers.twilio_calls import TwilioTelephone
from ivr.platform.providers.twilio_http import TWILIO

MOMENT = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
ACCOUNT = "AC" + "0" * 32
METHODS = [name for name, _ in inspect.getmembers(Telephone, inspect.isfunction) if not name.startswith("_")]
#: One argument of each name or type that the telephone's methods take.
ARGUMENTS: dict[object, object] = {
    "url": f"{TWILIO}/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE{'0' * 32}",
    str: "+14155552671",
    str | None: "12",
    int: 20,
    bool: True,
    datetime: MOMENT,
    Sequence[str]: STAFF_LEG,
    Definition: {},
    Permit: Permit("+14155552671", longest_seconds=60),
    WebhookUrls: WebhookUrls(voice="", fallback="", status=""),
}


class Network:
    """Answers nothing, and counts how often it is asked."""

    times_asked = 0

    def request(self, *_: Any, **__: Any) -> Response:
        self.times_asked += 1
        return Response(503, '{"code": 20503, "message": "unavailable"}')

    def download(self, *_: Any) -> tuple[int, bytes]:
        self.times_asked += 1
        return 503, b""

    def stream(self, *_: Any) -> tuple[int, None, list[bytes]]:
        self.times_asked += 1
        return 503, None, []


def breaker_and_news() -> tuple[CircuitBreaker, list[bool]]:
    """A breaker, and what it says of the network."""
    news: list[bool] = []
    return CircuitBreaker(news.append), news


def fails() -> None:
    raise OutcomeUnknownError("503")


def refuses() -> None:
    raise RefusedError("21211")


def is_answered() -> str:
    return "CA1"


def ask_in_vain(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        with pytest.raises(OutcomeUnknownError):
            breaker.ask(fails)


def call_each(telephone: Telephone, name: str) -> None:
    """Call this method with one argument for each of its parameters."""
    method: Callable[..., object] = getattr(telephone, name)
    parameters = list(inspect.signature(method, eval_str=True).parameters.values())
    values = [ARGUMENTS.get(one.name, ARGUMENTS[one.annotation]) for one in parameters]
    plain = [
        value
        for one, value in zip(parameters, values, strict=True)
        if one.kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    named = {
        one.name: value
        for one, value in zip(parameters, values, strict=True)
        if one.kind is inspect.Parameter.KEYWORD_ONLY
    }
    method(*plain, **named)


@pytest.mark.parametrize("name", METHODS)
def test_every_request_goes_through_the_breaker(name: str) -> None:
    network, (breaker, news) = Network(), breaker_and_news()
    telephone = TwilioTelephone(ACCOUNT, "token", "+18779437675", network, breaker=breaker)

    with clock.held_at(MOMENT):
        for _ in range(FAILURES):
            with pytest.raises(OutcomeUnknownError):
                call_each(telephone, name)
        with pytest.raises(NotAskedError) as refusal:
            call_each(telephone, name)

    assert (network.times_asked, news) == (FAILURES, [False])
    assert refusal.value.until == MOMENT + OPEN_FOR


def test_the_telephone_without_a_breaker_asks_each_time() -> None:
    network = Network()
    telephone = TwilioTelephone(ACCOUNT, "token", "+18779437675", network)

    for _ in range(FAILURES + 1):
        with pytest.raises(OutcomeUnknownError):
            telephone.fetch("CA1")

    assert network.times_asked == FAILURES + 1


def test_only_failures_in_a_row_open_it_and_a_refusal_is_an_answer() -> None:
    breaker, news = breaker_and_news()
    with clock.held_at(MOMENT):
        ask_in_vain(breaker, FAILURES - 1)
        with pytest.raises(RefusedError):
            breaker.ask(refuses)
        ask_in_vain(breaker, FAILURES - 1)
        assert breaker.ask(is_answered) == "CA1"

    assert news == [True]


def test_half_open_one_asks_for_all_and_its_failure_opens_it_again() -> None:
    breaker, news = breaker_and_news()
    with clock.held_at(MOMENT):
        ask_in_vain(breaker, FAILURES)
    half_open = MOMENT + OPEN_FOR

    def another_asks_meanwhile() -> None:
        with pytest.raises(NotAskedError):
            breaker.ask(is_answered)
        fails()

    with clock.held_at(half_open), pytest.raises(OutcomeUnknownError):
        breaker.ask(another_asks_meanwhile)
    with clock.held_at(half_open + OPEN_FOR - timedelta(seconds=1)), pytest.raises(NotAskedError):
        breaker.ask(is_answered)
    with clock.held_at(half_open + OPEN_FOR):
        assert breaker.ask(is_answered) == "CA1"
        assert breaker.ask(is_answered) == "CA1"

    assert news == [False, True], "each change is told once"


def test_an_address_that_is_not_asked_says_nothing_of_the_network() -> None:
    network, (breaker, news) = Network(), breaker_and_news()
    telephone = TwilioTelephone(ACCOUNT, "token", "+18779437675", network, breaker=breaker)

    with pytest.raises(RefusedError):
        telephone.clip("https://elsewhere.example.com/RE1")

    assert (network.times_asked, news) == (0, [])
