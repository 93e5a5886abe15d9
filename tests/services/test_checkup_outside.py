"""What the checks learn from others: a certificate, the phone network's clock, what the database has sealed."""

import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from ivr.backoffice.checks.finding import Finding, State
from ivr.backoffice.checks.machine import check_certificate
from ivr.backoffice.checks.setup import check_secrets
from ivr.backoffice.checks.time import check_clock
from ivr.company.mail import service as mail
from ivr.core import clock
from ivr.core.config import DESK, Config, from_environment
from ivr.services import Services, services
from tests.support.applications import application


@pytest.fixture
def config(sqlite_alone: str) -> Config:
    return from_environment(DESK | {"DATABASE_URL": sqlite_alone})


@pytest.fixture
def ours(config: Config) -> Iterator[Services]:
    with application(config) as app:
        yield services(app)


def states(found: Iterator[Finding]) -> list[State]:
    return [one.state for one in found]


def test_the_clock_is_compared_with_the_databases(database_url: str) -> None:
    with application(from_environment(DESK | {"DATABASE_URL": database_url})) as app:
        ours = services(app)
        compared = [State.OK] if ours.config.is_on_sqlite else [State.OK, State.OK]
        assert states(check_clock(ours)) == compared
        with clock.held_at(clock.now() + timedelta(hours=1)):
            found = states(check_clock(ours))

    assert found == ([State.OK] if ours.config.is_on_sqlite else [State.WRONG, State.OK])


@pytest.mark.parametrize(
    ("ahead", "state"), [(0, State.OK), (20, State.WARNING), (-3600, State.WRONG), (None, State.UNKNOWN)]
)
def test_the_clock_is_compared_with_the_phone_networks(
    ours: Services, ahead: float | None, state: State
) -> None:
    class Network(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.end_headers()

        def date_time_string(self, _timestamp: float | None = None) -> str:
            return "soon" if ahead is None else super().date_time_string(clock.now().timestamp() + ahead)

    server = HTTPServer(("127.0.0.1", 0), Network)
    thread = Thread(target=server.handle_request)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    real = replace(ours.config, twilio_account_sid="AC" + "a" * 32, twilio_api_url=address)
    found = states(check_clock(replace(ours, config=real)))
    thread.join()
    server.server_close()

    assert found == [state]


def test_a_key_that_does_not_open_what_the_database_has_sealed_is_told(ours: Services) -> None:
    assert states(check_secrets(ours)) == [State.OK]
    with ours.database.transaction():
        mail.post(
            "letter_to_oneself",
            to="a@example.com",
            language="en",
            key="k",
            name="Ada",
            link="https://line.test/x",
            days=7,
        )
    assert states(check_secrets(ours)) == [State.OK]
    left = replace(ours.config, second_secret_key="o" * 40)
    assert states(check_secrets(replace(ours, config=left))) == [State.WARNING]

    lost = replace(ours, config=replace(ours.config, secret_key="another key than the one that sealed it"))
    assert states(check_secrets(lost)) == [State.WRONG]


def test_a_certificate_is_seen_and_one_that_nobody_vouches_for_is_refused(
    ours: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem, key = tmp_path / "line.pem", tmp_path / "line.key"
    names = "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"
    made = "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", *names
    subprocess.run((*made, "-keyout", str(key), "-out", str(pem)), check=True, capture_output=True)  # noqa: S603  # our own words
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    server = make_server("localhost", 0, Response(), ssl_context=context)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    there = replace(ours, config=replace(ours.config, public_url=f"https://localhost:{server.port}"))

    stranger = states(check_certificate(there))
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    trusted = states(check_certificate(there))
    server.shutdown()
    thread.join()
    server.server_close()

    assert (stranger, trusted) == ([State.WRONG], [State.OK])
    assert states(check_certificate(there)) == [State.UNKNOWN], "nobody answers any more"
    assert states(check_certificate(ours)) == [], "a desk has none"
