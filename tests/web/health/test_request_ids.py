"""The code of a request: who makes it, and where a person finds it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from ivr.app import create_app
from ivr.core.config import DESK, Config, from_environment
from ivr.services import services

OURS = re.compile(r"[A-Y34679]{4}-[A-Y34679]{4}")
A_PROXYS = "5f0c9be1-d47a-4286-8b3e-09f1c7d52a84"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """A service without a database, in which the page of a link breaks."""
    app = create_app(from_environment(DESK | {"DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}))

    @app.get("/pay/<token>/broken", endpoint="portal.broken")
    def broken(token: str) -> str:
        raise ValueError(token)

    yield app
    services(app).database.engine.dispose()


def behind_a_proxy() -> Flask:
    return create_app(
        Config(
            database_url="sqlite://",
            secret_key="3f0c9be1d47a2865b3e09f1c7d52a846",
            public_url="https://line.example.com",
            twilio_account_sid="AC" + "a" * 32,
            twilio_auth_token="9b1d6f20c4e8a7535d0f2e91b8c6a347",
            trusted_proxies="1",
        )
    )


def code(app: Flask, path: str, told: str | None = None) -> str:
    headers = {"X-Request-ID": told} if told else {}
    return app.test_client().get(path, headers=headers).headers["X-Request-ID"]


def test_each_answer_has_a_code_of_its_own_that_can_be_read_out(app: Flask) -> None:
    codes = {
        code(app, path) for path in ("/health", "/health", "/nowhere", "/voice/incoming", "/pay/x/broken")
    }
    assert len(codes) == 5
    assert all(OURS.fullmatch(one) for one in codes)


@pytest.mark.parametrize("told", [A_PROXYS, A_PROXYS.replace("-", "")])
def test_the_code_of_a_trusted_proxy_is_taken_and_of_nobody_else(app: Flask, told: str) -> None:
    assert code(behind_a_proxy(), "/health", told) == told
    assert OURS.fullmatch(code(app, "/health", told))


@pytest.mark.parametrize(
    "told", ["+14155552671", "Rosa", "K7M4", f"{A_PROXYS} x", A_PROXYS.upper(), "../etc"]
)
def test_what_has_not_the_shape_of_a_code_is_not_taken_from_a_proxy(told: str) -> None:
    assert OURS.fullmatch(code(behind_a_proxy(), "/health", told))


def test_a_customer_reads_the_code_in_english_and_in_spanish(app: Flask) -> None:
    answer = app.test_client().get("/pay/a-link/broken")
    quoted = answer.headers["X-Request-ID"]
    assert answer.status_code == 500
    assert f"give us this code: <code>{quoted}</code>" in answer.text
    assert f"díganos este código: <code>{quoted}</code>" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/nowhere", "/t/a-link-that-nobody-made"])
def test_staff_read_it_on_their_pages_that_say_no(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == 404
    assert f"<code>{answer.headers['X-Request-ID']}</code>" in answer.text
