"""Nothing personal and nothing that opens something reaches the logs, and each line is one JSON object."""

import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from io import StringIO
from runpy import run_path
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import text

from ivr.app import Application
from ivr.core.config import Config
from ivr.core.db import Database
from ivr.core.errors import BadConfigError
from ivr.core.log_masks import masked
from ivr.platform.voice.signature import init_signature_check
from tests.support.logs import logs_go_to
from tests.support.paths import ROOT

LastLine = Callable[[], dict[str, Any]]
NUMBER = "+14155552671"
#: Not written into the line that breaks: the log quotes our source.
WHO = "Rosalinda Secretname"


@pytest.fixture
def written() -> Iterator[StringIO]:
    written = StringIO()
    with logs_go_to(written):
        yield written


@pytest.fixture
def logs(written: StringIO) -> LastLine:
    """The last line, once all of them have been found to be JSON objects."""

    def last() -> dict[str, Any]:
        lines = [json.loads(line) for line in written.getvalue().splitlines()]
        assert all(isinstance(line, dict) for line in lines)
        found: dict[str, Any] = lines[-1]
        return found

    return last


def test_a_number_keeps_its_last_four_digits_only(logs: LastLine) -> None:
    structlog.get_logger().info("rang", to=NUMBER, call_sid="CA" + "4155552671" * 3)

    line = logs()
    assert line["to"] == "****2671"
    assert line["event"] == "rang"
    assert line["call_sid"].startswith("CA4155552671")


@pytest.mark.parametrize(
    ("raw", "leak"),
    [
        ("+1 (415) 555-2671", "555-2671"),
        ("415.555.2671", "555.2671"),
        ("From=%2B14155552671", "5552671"),
        ("whole number:14155552671,", "5552671"),
        ("four one five, five five five, twenty six seventy one", "five five"),
        ("555-2671", "555-"),
        ("card 4111 1111 1111 1111", "4111 "),
        ("to <rosa.diaz+1@private.example>", "private"),
        ("/login?email=rosa%40private.example", "rosa"),
        ("GET /pay/WzEsImFi.Zx2-k HTTP/1.1", "WzEs"),
        ("/t/WzEsImFiYyJdZx2kQ", "WzEs"),
        ("/clips/abcdefgh-ijk_l.wav", "abcdefgh"),
        ("http://h/sandbox-till/till_abcdef?x=1", "abcdef"),
        ("sk_live_51abcDEFghi", "51abc"),
        ("whsec_abcdefgh", "abcdefgh"),
        ("Authorization: Bearer abc.def", "abc.def"),
        ("Basic QUM6c2VjcmV0", "QUM6"),
        ("postgresql://ivr:hunter2@db/ivr", "hunter2"),
        ("auth_tokens=(,)0123456789abcdef0123456789abcdef", "89abcdef"),
        ('{"secret": "swordfish"}', "swordfish"),
        ("session=.eJwlzjEOwzAIAMC_MHcwBmPnPLKw.aBcDeF.Gh1jK2", "eJwlz"),
    ],
)
def test_what_opens_something_or_names_somebody_is_masked(raw: str, leak: str) -> None:
    assert leak in raw
    assert leak not in masked(raw)
    assert "****" in masked(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "CA0123456789abcdef0123456789abcdef",
        "2026-11-23T09:00:00.123456Z",
        "http://127.0.0.1:8000 (12345)",
        'File "/srv/ivr/callcenter/intake/service.py", line 1234, in note_issue',
        "0028_a_row_for_each_recording.py",
        "/t/K7M2QX/fields",
        "SELECT intake.id AS intake_id_1 FROM intake WHERE intake.id = %(id_1)s::INTEGER",
        "dispatch.assign",
    ],
)
def test_what_finds_the_fault_stays(raw: str) -> None:
    assert masked(raw) == raw


def test_values_are_masked_however_deep(logs: LastLine) -> None:
    structlog.get_logger().info(
        "told",
        values={"list": [NUMBER, {"to": NUMBER}], NUMBER: 1, "password": "swordfish"},
        fault=ValueError(NUMBER),
        number=14155552671,
        thing=SimpleNamespace(number=NUMBER),
        pair=(NUMBER, "ok"),
    )
    line = json.dumps(logs())
    assert "5552671" not in line
    assert "swordfish" not in line
    assert logs()["pair"] == ["****2671", "ok"]
    assert logs()["fault"] == "ValueError"


def test_a_fault_tells_where_and_not_what(logs: LastLine) -> None:
    said = f"{WHO} {NUMBER}"
    try:
        try:
            int(said)
        except ValueError as cause:
            raise RuntimeError(said) from cause
    except RuntimeError:
        structlog.get_logger().exception("turn_failed")

    told = logs()["exception"]
    assert "ValueError" in told
    assert "RuntimeError" in told
    assert "int(said)" in told
    assert "Secretname" not in told


def test_a_fault_of_the_database_tells_the_statement_and_no_value(logs: LastLine) -> None:
    database = Database("sqlite://")
    try:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT * FROM nowhere WHERE issue = :said"), {"said": WHO})
    except Exception:  # noqa: BLE001  # whatever it is
        structlog.get_logger().exception("turn_failed")
    database.engine.dispose()
    assert "SELECT * FROM nowhere WHERE issue = ?" in logs()["exception"]
    assert "SQLITE_ERROR" in logs()["exception"]
    assert WHO not in json.dumps(logs())


def test_what_is_wrong_with_the_settings_is_told_and_nothing_else(
    written: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever has typed a command reads it: a trace would hide it."""
    sys.excepthook(BadConfigError, BadConfigError("PORT: must be a number"), None)
    assert (capsys.readouterr().err, written.getvalue()) == ("PORT: must be a number\n", "")


def test_libraries_threads_and_warnings_go_the_same_way(logs: LastLine) -> None:
    logging.getLogger("urllib3").warning("Retrying %s: %s", "/clips/x", WHO)
    assert logs()["words"] == "Retrying %s: %s"
    logging.getLogger("somewhere").error(WHO)
    assert logs()["logger"] == "somewhere"
    assert WHO not in json.dumps(logs())
    logging.getLogger("gunicorn.error").info("Listening at: %s (%s)", "http://0.0.0.0:8000", 123)
    logging.getLogger("gunicorn.error").error("Error handling request %s", f"/search?q={WHO}")
    assert WHO not in json.dumps(logs())

    def breaks() -> None:
        raise ValueError(WHO)

    thread = threading.Thread(target=breaks, name="job-1")
    thread.start()
    thread.join()
    assert logs()["event"] == "uncaught"
    assert "in breaks" in logs()["exception"]
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning(WHO, UserWarning, "here.py", 7)
    assert (logs()["kind"], logs()["place"]) == ("UserWarning", "here.py:7")
    assert WHO not in json.dumps(logs())


def test_a_page_that_breaks_is_told_by_its_route(logs: LastLine) -> None:
    app = Application("ivr")

    @app.get("/pay/<token>")
    def page(token: str) -> str:
        raise ValueError(token)

    assert app.test_client().get("/pay/WzEsImFi.Zx2?q=Rosalinda").status_code == 500
    assert (logs()["event"], logs()["route"]) == ("request_failed", "/pay/<token>")
    assert "WzEs" not in json.dumps(logs())
    assert WHO not in json.dumps(logs())


def test_an_address_writes_no_line_of_its_own(written: StringIO, logs: LastLine) -> None:
    app = Flask("x")
    init_signature_check(app, public_url="https://line.test", auth_tokens=("0" * 32,), account_sid="AC0")
    answer = app.test_client().post('/voice/x%0a{"event":"log_in","staff":"Ruth Bell"}%0a%1b[2J')
    assert answer.status_code == 403
    assert len(written.getvalue().splitlines()) == 1
    assert logs()["event"] == "signature_refused"
    assert "\x1b" not in written.getvalue()


def test_gunicorn_writes_json_before_it_has_loaded_the_application() -> None:
    line = run_path(str(ROOT / "gunicorn.conf.py"))["OneObject"]()
    record = logging.LogRecord("gunicorn.error", logging.INFO, "f", 1, "Booting %s\n", (7,), None)
    assert json.loads(line.format(record))["words"] == "Booting 7\n"
    assert "\n" not in line.format(record)
    try:
        int(WHO)
    except ValueError:
        fault = sys.exc_info()
    record = logging.LogRecord("gunicorn.error", logging.ERROR, "f", 1, "Error %s", (WHO,), fault)
    assert WHO not in line.format(record)
    assert "ValueError" in line.format(record)


def test_no_engine_tells_its_parameters() -> None:
    for url in (
        "sqlite://",
        Config.__dataclass_fields__["database_url"].default,
        "postgresql://a:b@127.0.0.1/x",
    ):
        assert Database(str(url) or "sqlite://").engine.hide_parameters
