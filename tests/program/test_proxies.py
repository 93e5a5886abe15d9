"""The samples of docs/proxies, with the real nginx and Caddy in front of the service as the Procfile starts it."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from http.client import HTTPSConnection
from pathlib import Path
from secrets import token_hex
from threading import Event
from typing import NamedTuple

import pytest
import requests
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from devtools.processes import Process, free_port, is_taken
from ivr.cli.doctor_proxy import check_proxy
from ivr.company.staff import roster, sessions
from ivr.company.staff.models import SessionKind
from ivr.core.config import Config, from_environment
from ivr.core.db import Database
from ivr.platform.timeline import service as timeline
from ivr.platform.voice.signature import signature_for
from ivr.web.console.common.gate import SECRET
from tests.support.paths import ROOT
from tests.support.streams import Stream, Streams

SAMPLES = ROOT / "docs/proxies"
#: Where ``make proxies`` unpacks them, then where an installed one is.
PLACES = os.pathsep.join(
    [
        str(ROOT / ".venv/proxies/usr/sbin"),
        str(ROOT / ".venv/proxies/usr/bin"),
        os.environ["PATH"],
        "/usr/sbin",
    ]
)
#: More requests than the Procfile gives the service threads, twice over.
STUCK = 300
#: More than the threads of both its processes.
WINDOWS = 140
HALVES = (
    b"POST /voice/incoming HTTP/1.1\r\nHost: localhost\r\nX-A: ",
    b"POST /voice/incoming HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nCallSid=CA",
)


class Service(NamedTuple):
    """gunicorn at ``port``; ``config.public_url`` leads to the proxy. ``folder`` has the certificate."""

    port: int
    config: Config
    folder: Path

    @property
    def public_port(self) -> int:
        return int(self.config.public_url.rpartition(":")[2])


@pytest.fixture(scope="module")
def service(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("proxies")
    database = shutil.copy(sqlite_template, folder / "line.db")
    has_an_owner(f"sqlite:///{database}")
    environment = {
        "PUBLIC_URL": f"https://localhost:{free_port()}",
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": token_hex(),
        "TWILIO_ACCOUNT_SID": "AC" + "a" * 32,
        "TWILIO_AUTH_TOKEN": token_hex(16),
        "TRUSTED_PROXIES": "1",
    }
    certify(folder)
    port = free_port()
    web = re.findall("^web: gunicorn (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)[0]
    words = web.replace("0.0.0.0:${PORT:-8000}", f"127.0.0.1:{port}").replace('"', "").split()
    with started(
        "gunicorn",
        (sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py"), *words),
        folder,
        port,
        environment | {"PYTHONPATH": str(ROOT)},
    ):
        requests.get(f"http://127.0.0.1:{port}/ready", timeout=30)  # the first answer waits for the start
        yield Service(port, from_environment(environment), folder)


def has_an_owner(url: str) -> None:
    """Else each page leads to the one that sets up the line."""
    database = Database(url)
    with database.transaction():
        roster.add("Ruth", "owner", "+14155550131", "ruth@example.com")
    database.engine.dispose()


@pytest.fixture(params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The public address: the sample in front of the service."""
    needed(request.param)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(service.folder / "localhost.pem"))
    command = {"nginx": nginx, "caddy": caddy}[request.param](service)
    address = {"SERVICE": f"127.0.0.1:{service.port}"}
    with started(request.param, command, service.folder, service.public_port, address):
        yield service.config.public_url


def needed(program: str) -> None:
    if shutil.which(program, path=PLACES) is None:
        assert "CI" not in os.environ, f"{program} is missing: see the target proxies in the Makefile"
        pytest.skip(f"there is no {program} here: make proxies")


def nginx(service: Service) -> tuple[str, ...]:
    sample = (SAMPLES / "nginx.conf").read_text()
    for words, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{service.public_port} ssl",
        "line.example.com;": "localhost;",
        "/etc/ssl/line.example.com": f"{service.folder}/localhost",
        "127.0.0.1:8000": f"127.0.0.1:{service.port}",
    }.items():
        assert words in sample
        sample = sample.replace(words, here)
    places = "".join(
        f"{one}_temp_path {service.folder}/{one};"
        for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = service.folder / "nginx.main.conf"
    main.write_text(
        f"daemon off; master_process off; error_log stderr; pid {service.folder}/nginx.pid;"
        f"events {{ worker_connections 1024; }} http {{ access_log off; {places} {sample} }}"
    )
    return "nginx", "-p", str(service.folder), "-e", "stderr", "-c", str(main)


def caddy(service: Service) -> tuple[str, ...]:
    sample = (SAMPLES / "Caddyfile").read_text()
    pem = service.folder / "localhost.pem"
    for words, here in {
        "{$SITE:line.example.com} {": f"https://localhost:{service.public_port} {{\n"
        f" tls {pem} {pem.with_suffix('.key')}",
        "{\n\tservers": "{\n\tadmin off\n\tauto_https disable_redirects\n\tservers",
    }.items():
        assert words in sample
        sample = sample.replace(words, here, 1)
    file = service.folder / "Caddyfile"
    file.write_text(sample)
    return "caddy", "run", "--config", str(file), "--adapter", "caddyfile"


def certify(folder: Path) -> None:
    """Make a certificate of this machine's own."""
    names = "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"
    key = "-newkey", "rsa:2048", "-nodes", "-days", "2"
    files = "-keyout", str(folder / "localhost.key"), "-out", str(folder / "localhost.pem")
    subprocess.run(("openssl", "req", "-x509", *key, *names, *files), check=True, capture_output=True)  # noqa: S603, S607  # our own words


@contextmanager
def started(
    name: str, command: tuple[str, ...], folder: Path, port: int, environment: dict[str, str]
) -> Iterator[None]:
    """The process listens at this port of this machine."""
    own = {"PATH": PLACES, "HOME": str(folder)}
    process = Process(name, command, folder=folder, environment=own | environment, log=folder / f"{name}.log")
    try:
        for _ in range(600):
            if is_taken(port):
                break
            assert not process.has_ended, process.output
            Event().wait(0.05)
        yield
    finally:
        process.ask_to_end()
        process.end(within=5)


def test_twilio_is_answered_and_a_stranger_is_not(proxy: str, service: Service) -> None:
    url, form = f"{proxy}/voice/fallback", {"AccountSid": service.config.twilio_account_sid}
    signature = signature_for(url, form, service.config.twilio_auth_token)

    answer = requests.post(url, data=form, headers={"X-Twilio-Signature": signature}, timeout=10)

    assert answer.status_code == 200
    assert answer.text.startswith("<?xml")
    assert requests.post(url, data=form, timeout=10).status_code == 403


def test_the_doctor_finds_nothing_wrong(proxy: str, service: Service) -> None:
    assert proxy
    assert list(check_proxy(service.config)) == [
        (True, "the proxy says who the client is"),
        (True, "the proxy passes live streams on at once"),
    ]


def test_the_doctor_finds_a_proxy_that_nobody_told_the_service_of(proxy: str, service: Service) -> None:
    assert proxy
    told = replace(service.config, trusted_proxies="0")
    is_well, words = next(check_proxy(told))
    assert is_well is False
    assert words.startswith("a proxy stands before the service, so that all clients count as one")


def test_a_form_works_without_a_referrer_and_not_from_another_site(proxy: str) -> None:
    with requests.Session() as browser:
        token = re.findall('name="csrf_token" value="(.*?)"', browser.get(f"{proxy}/login", timeout=10).text)[
            0
        ]
        form = {"csrf_token": token, "email": "nobody@example.com", "password": "wrong"}

        own, foreign = (
            browser.post(f"{proxy}/login", data=form, headers=headers, timeout=10)
            for headers in ({}, {"Origin": "https://evil.example"})
        )

    assert own.status_code == 422, "the log-in was read, and is wrong"
    assert foreign.status_code == 400
    assert f"not opened at {proxy}" in foreign.text


def test_one_header_says_that_browsers_keep_to_https(proxy: str) -> None:
    answer = requests.get(f"{proxy}/login", timeout=10)

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", "the proxy adds no second one"


def test_the_service_names_no_program_and_takes_no_address_from_a_header(service: Service) -> None:
    """Whoever reaches gunicorn from this machine, as a proxy does, and passes on what a client has made up."""
    made_up = {"SCRIPT_NAME": "/login", "X-Forwarded-Ssl": "on", "X-Forwarded-Protocol": "http"}

    answer = requests.get(f"http://127.0.0.1:{service.port}/login", headers=made_up, timeout=10)

    assert answer.status_code == 200
    assert "Server" not in answer.headers
    refused = requests.post(f"http://127.0.0.1:{service.port}/voice/incoming", headers=made_up, timeout=10)
    assert refused.status_code == 403


def test_too_large_a_body_ends_at_the_proxy(proxy: str) -> None:
    answer = requests.post(f"{proxy}/login", data={"email": "x" * 300_000}, timeout=10)

    assert answer.status_code == 413


def test_caddy_waits_for_a_service_that_is_started_anew(service: Service) -> None:
    """As the compose file has it at each release: the address of the service is given, and nobody listens there yet."""
    needed("caddy")
    context = ssl.create_default_context(cafile=service.folder / "localhost.pem")
    later = free_port()
    with (
        started(
            "caddy", caddy(service), service.folder, service.public_port, {"SERVICE": f"127.0.0.1:{later}"}
        ),
        closing(HTTPSConnection("localhost", service.public_port, timeout=10, context=context)) as caller,
    ):
        caller.request("POST", "/voice/incoming", "CallSid=CA1")
        caller.sock.settimeout(0.4)
        with pytest.raises(TimeoutError):
            caller.sock.recv(1)  # no refusal comes
        caller.sock.settimeout(10)
        with socket.create_server(("127.0.0.1", later)) as anew, closing(anew.accept()[0]) as connection:
            assert connection.recv(4096).startswith(b"POST /voice/incoming HTTP/1.1\r\n")
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            assert caller.getresponse().status == 204


def test_a_prompt_of_several_megabytes_passes_the_proxy(proxy: str) -> None:
    answer = requests.post(
        f"{proxy}/settings/prompts/hello/en",
        files={"recording": b"x" * 6_000_000},
        timeout=10,
        allow_redirects=False,
    )

    assert answer.status_code == 302, "the owner is to log in"


def test_requests_that_are_stuck_in_the_middle_stop_nobody(proxy: str, service: Service) -> None:
    context = ssl.create_default_context(cafile=service.folder / "localhost.pem")

    def connected() -> socket.socket:
        plain = socket.create_connection(("localhost", service.public_port))
        return context.wrap_socket(plain, server_hostname="localhost")

    with stuck(connected):
        assert requests.get(f"{proxy}/ready", timeout=10).status_code == 204


def test_without_a_proxy_they_stop_nobody_either(service: Service) -> None:
    with stuck(lambda: socket.create_connection(("127.0.0.1", service.port))):
        assert webhook(service).status_code == 200


def test_a_recording_of_several_megabytes_is_read_whole(service: Service) -> None:
    answer = requests.post(
        f"http://127.0.0.1:{service.port}/settings/prompts/hello/en",
        files={"recording": b"x" * 6_000_000},
        headers={"Expect": "100-continue"},
        timeout=10,
        allow_redirects=False,
    )

    assert answer.status_code == 302, "the owner is to log in"


def test_more_windows_than_there_are_threads_stop_nobody(service: Service) -> None:
    database = Database(service.config.database_url)
    with Streams(
        Stream(service.port, cookie) for cookie in [logged_in(service, database)] * WINDOWS
    ) as windows:
        windows.hear(b"event: here")
        assert webhook(service).status_code == 200

        with database.transaction():
            timeline.append(None, "staff_away", key="one")
        windows.hear(b"event: changed")
    database.engine.dispose()


def logged_in(service: Service, database: Database) -> str:
    """The cookie of an operator's browser."""
    with database.transaction():
        staff = roster.add("Olive", "operator", "+14155550133", "olive@example.com", ["en"], None)
        secret = sessions.begin(staff.id, SessionKind.CONSOLE, browser="Firefox", network=None)
    app = Flask(__name__)
    app.secret_key = service.config.secret_key
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer
    return f"__Host-session={signer.dumps({'_user_id': str(staff.id), SECRET: secret})}"


def webhook(service: Service) -> requests.Response:
    """Twilio asks the service itself, and waits no longer than 2 seconds."""
    url, form = (
        f"{service.config.public_url}/voice/fallback",
        {"AccountSid": service.config.twilio_account_sid},
    )
    signed = {"X-Twilio-Signature": signature_for(url, form, service.config.twilio_auth_token)}
    return requests.post(
        f"http://127.0.0.1:{service.port}/voice/fallback", data=form, headers=signed, timeout=2
    )


@contextmanager
def stuck(connected: Callable[[], socket.socket]) -> Iterator[None]:
    """Clients that send half a head or half a body and then nothing."""
    with ExitStack() as clients:
        for number in range(STUCK):
            client = clients.enter_context(connected())
            client.sendall(HALVES[number % len(HALVES)])
        yield
