"""What the checks find at our own public address, and at a mail server that is away."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.wrappers import Response

from ivr.backoffice.checks.finding import Finding, State
from ivr.backoffice.checks.mail_server import check_mail, letter_to
from ivr.backoffice.checks.telephone import check_doorway
from ivr.backoffice.checks.voices import check_voices
from ivr.company.policy.service import Command
from ivr.company.prompts import script
from ivr.company.prompts import service as prompts
from ivr.core.config import DESK, from_environment
from ivr.services import Services, services
from tests.support.applications import application
from tests.support.serving import at_one_address
from tests.support.sounds import wav

OK, WARNING, WRONG = State.OK, State.WARNING, State.WRONG


def states(found: Iterable[Finding]) -> list[State]:
    return [one.state for one in found]


@pytest.fixture
def made(sqlite_alone: str) -> Iterator[Callable[..., Flask]]:
    """Makes an application with settings of its own."""
    with ExitStack() as stack:

        def one(**settings: str) -> Flask:
            config = from_environment(DESK | {"DATABASE_URL": sqlite_alone} | settings)
            return stack.enter_context(application(config))

        yield one


def with_config(app: Flask, **settings: str) -> Services:
    ours = services(app)
    return replace(ours, config=replace(ours.config, **settings))


def test_the_address_answers_twilio_alone(made: Callable[..., Flask]) -> None:
    with at_one_address() as door:
        door.app = made(PUBLIC_URL=door.address)
        ours = services(door.app)
        assert states(check_doorway(ours)) == [OK, OK]
        assert states(check_doorway(with_config(door.app, twilio_auth_token="another"))) == [WRONG, OK]
        door.app = Response("Welcome to nginx!")
        assert states(check_doorway(ours)) == [OK, WRONG], "whoever answers everybody is not this service"
    assert states(check_doorway(ours)) == [WRONG], "nobody is there"


@pytest.mark.parametrize("is_passed_on", [True, False])
def test_a_recorded_prompt_is_fetched_as_the_network_does(
    made: Callable[..., Flask],
    is_passed_on: bool,  # noqa: FBT001  # its only meaning
) -> None:
    with at_one_address() as door:
        app = door.app = made(PUBLIC_URL=door.address)
        recorded(app)
        if not is_passed_on:
            door.app = Response("Not Found", 404)
        with app.app_context():
            assert states(check_voices(services())) == [OK if is_passed_on else WRONG, OK]


def recorded(app: Flask) -> None:
    """The first prompt that is the same at each call has a recording."""
    with app.app_context(), services().database.transaction():
        plain = next(one for one in script.by_key(services().script).values() if not one.values)
        prompts.upload(plain, "en", wav(), Command("tests"))


def test_a_mail_server_that_is_away_is_told(made: Callable[..., Flask]) -> None:
    app = made(SMTP_URL="smtp://127.0.0.1:9", MAIL_FROM="line@example.com")
    ours = services(app)
    assert states(check_mail(ours)) == [WRONG, WARNING]
    assert states(letter_to("me@example.com", ours)) == [WRONG]
