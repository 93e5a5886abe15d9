"""All checks at once: what each finding means, what comes out, and that no check ends the others."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import text

from ivr.backoffice.checks import machine, people, time
from ivr.backoffice.checks.checkup import Check, Checkup, as_json, of_json, state_of
from ivr.backoffice.checks.finding import Finding, State, ok, warning, worst, wrong
from ivr.backoffice.checks.payments import of_account
from ivr.backoffice.checks.telephone import of_urls
from ivr.backoffice.checks.worker import of_lag, of_life
from ivr.company.hours.rules import COMPANY, Closure
from ivr.company.staff.models import Role
from ivr.core.config import DESK, Config, from_environment
from ivr.operations.checks import CHECKS
from ivr.operations.checks.backups import of_age
from ivr.operations.checks.database import check_database
from ivr.operations.migrations import TO_DO, Shape
from ivr.platform.providers.checkout import Account
from ivr.platform.providers.telephone import WebhookUrls
from ivr.services import Services, services
from tests.support.applications import application
from tests.support.paths import ROOT

MONDAY = datetime(2026, 11, 30, 18, tzinfo=UTC)
NUMBER = "+18779437675"
OURS = WebhookUrls.below("https://line.example")
GIGABYTE, DAY = 1024**3, 86_400.0


@pytest.fixture
def config(sqlite_alone: str) -> Config:
    return from_environment(DESK | {"DATABASE_URL": sqlite_alone})


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    with application(config) as app:
        yield app


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (time.of_difference("the database's", 1), State.OK),
        (time.of_difference("the database's", -20), State.WARNING),
        (time.of_difference("the database's", 90), State.WRONG),
        (time.of_zone_data("America/Denver", "2025b", MONDAY), State.OK),
        (time.of_zone_data("America/Denver", "2024a", MONDAY), State.WARNING),
        (machine.of_free(50 * GIGABYTE, "the database"), State.OK),
        (machine.of_free(GIGABYTE, "the database"), State.WARNING),
        (machine.of_free(GIGABYTE / 100, "the database"), State.WRONG),
        (machine.of_certificate(60 * DAY, 90 * DAY), State.OK),
        (machine.of_certificate(2 * DAY, 6 * DAY), State.OK),
        (machine.of_certificate(17 * DAY, 90 * DAY), State.WARNING),
        (machine.of_certificate(5 * DAY, 90 * DAY), State.WRONG),
        (of_age(timedelta(hours=10), is_new=False), State.OK),
        (of_age(timedelta(hours=30), is_new=False), State.WARNING),
        (of_age(timedelta(hours=60), is_new=False), State.WRONG),
        (of_age(None, is_new=True), State.WARNING),
        (of_age(None, is_new=False), State.WRONG),
        (of_life(50), State.OK),
        (of_life(inf), State.WARNING),
        (of_life(600), State.WRONG),
        (of_lag(2), State.OK),
        (of_lag(60), State.WARNING),
        (of_lag(600), State.WRONG),
        (people.of_hours(90), State.OK),
        (people.of_hours(0), State.WRONG),
        (people.of_role(Role.OPERATOR, 2, 1, is_open_now=True), State.OK),
        (people.of_role(Role.OPERATOR, 2, 0, is_open_now=False), State.WARNING),
        (people.of_role(Role.OPERATOR, 2, 0, is_open_now=True), State.WRONG),
        (people.of_role(Role.OPERATOR, 0, 0, is_open_now=False), State.WRONG),
    ],
)
def test_what_is_found_has_a_state_and_whatever_is_not_well_says_what_to_do(
    found: Finding, state: State
) -> None:
    assert found.state == state
    assert bool(found.to_do) == (state != State.OK)


@pytest.mark.parametrize(
    ("found", "states"),
    [
        (OURS, [State.OK]),
        (WebhookUrls("https://else.example/v", OURS.fallback, OURS.status), [State.WRONG]),
        (WebhookUrls(OURS.voice, "", OURS.status), [State.OK, State.WARNING]),
        (WebhookUrls(OURS.voice, "", ""), [State.OK, State.WARNING, State.WARNING]),
        (
            WebhookUrls(OURS.voice, OURS.fallback, OURS.status, methods=("GET", "POST", "POST")),
            [State.WRONG],
        ),
    ],
)
def test_each_address_of_the_number_is_looked_at(found: WebhookUrls, states: list[State]) -> None:
    assert [one.state for one in of_urls(NUMBER, found, OURS)] == states


@pytest.mark.parametrize(
    ("account", "states"),
    [
        (Account(), [State.OK]),
        (Account(takes_payments=False), [State.WRONG]),
        (Account(pays_out=False, is_overdue=True), [State.WARNING, State.WARNING]),
        (Account(tells_fees=False), [State.WARNING, State.OK]),
    ],
)
def test_how_the_account_of_payments_stands(account: Account, states: list[State]) -> None:
    assert [one.state for one in of_account(account)] == states


def test_the_open_hours_of_two_weeks_are_without_what_is_closed_by_hand() -> None:
    usual = people.open_hours(COMPANY, MONDAY)
    week = Closure(MONDAY, MONDAY + timedelta(days=7))
    always = Closure(MONDAY, MONDAY + timedelta(days=20))

    assert people.open_hours(replace(COMPANY, closures=(week,)), MONDAY) == pytest.approx(usual / 2, abs=1)
    assert people.open_hours(replace(COMPANY, closures=(always,)), MONDAY) == 0


def test_a_short_time_is_said_as_one() -> None:
    """A certificate of a private authority is good for hours; a copy may be minutes old."""
    assert machine.of_certificate(DAY / 2, DAY / 2).found == "The certificate is good for less than a day."
    assert machine.of_certificate(60 * DAY, 90 * DAY).found == "The certificate is good for 60 more days."
    fresh = of_age(timedelta(minutes=5), is_new=False)
    assert fresh.found == "The last good copy of the database is less than an hour old."
    assert of_age(timedelta(hours=30), is_new=False).found.endswith("is 30 hours old.")


def test_a_language_that_no_technician_speaks_is_told() -> None:
    both, english = frozenset({"en", "es"}), frozenset({"en"})
    assert list(people.of_languages([english, both])) == []
    assert [one.state for one in people.of_languages([english])] == [State.WARNING]


def fine(_ours: Services) -> Iterator[Finding]:
    yield ok("Fine.")


def broken(_ours: Services) -> Iterator[Finding]:
    yield warning("This is lost.")
    raise ZeroDivisionError


def test_a_check_that_fails_or_hangs_ends_no_other(app: Flask) -> None:
    let_go = Event()

    def hangs(_ours: Services) -> Iterator[Finding]:
        let_go.wait()
        yield ok("Late.")

    checks = [Check("hangs", "Hangs", hangs), Check("broken", "Broken", broken), Check("fine", "Fine", fine)]
    with app.app_context():
        found = Checkup(checks).results(services(), patience=1)
    let_go.set()

    assert [(one.name, one.finding.state) for one in found] == [
        ("hangs", State.UNKNOWN),
        ("broken", State.WRONG),
        ("fine", State.OK),
    ]
    assert "ZeroDivisionError" in found[1].finding.found
    assert of_json(json.loads(json.dumps(as_json(found)))) == found
    assert state_of(found) == State.WRONG


@pytest.mark.parametrize("version", [None, "0048", "9999"], ids=["not set up", "earlier", "later"])
def test_on_a_database_of_another_release_one_check_says_so_and_no_other_claims_to_be_broken(
    tmp_path: Path, version: str | None
) -> None:
    with application(from_environment(DESK | {"DATABASE_URL": f"sqlite:///{tmp_path}/line.db"})) as app:
        if version:
            with services(app).database.engine.begin() as connection:
                connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
                connection.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": version})
        told = json.loads(app.test_cli_runner().invoke(args=["doctor", "--json"]).stdout)["checks"]

    states = {one["check"]: one["state"] for one in told}
    assert (states["database"], states["people"], states["retention"]) == ("wrong", "unknown", "unknown")
    assert [one["found"] for one in told if "itself has failed" in one["found"]] == []


def test_a_database_that_lacks_a_column_is_not_called_up_to_date(tmp_path: Path) -> None:
    """Between two releases migrations may change their numbers: what is noted is not what is there."""
    with application(from_environment(DESK | {"DATABASE_URL": f"sqlite:///{tmp_path}/line.db"})) as app:
        run = app.test_cli_runner()
        assert run.invoke(args=["db", "upgrade"]).output == "The database is up to date.\n"
        with services(app).database.engine.begin() as connection:
            connection.execute(text("ALTER TABLE staff DROP COLUMN last_outcome"))

        upgraded = run.invoke(args=["db", "upgrade"])
        found = Checkup([Check("database", "Database", check_database)]).results(services(app))

    assert (upgraded.exit_code, upgraded.output) == (1, f"Error: {TO_DO[Shape.INCOMPLETE]}\n")
    assert [one.finding.state for one in found] == [State.WRONG]


def test_on_a_new_line_nothing_is_called_well_that_nobody_does(app: Flask) -> None:
    """No hour is fully staffed where nobody works, and no job runs without a worker."""
    with app.app_context():
        found = Checkup([one for one in CHECKS if one.name in {"people", "worker"}]).results(services())
    said = " ".join(one.finding.found for one in found)

    assert "0 technicians to call" in said
    assert "fully staffed" not in said
    assert "No worker has done anything yet." in said
    assert "Jobs are run" not in said


def test_the_page_of_documents_names_every_check() -> None:
    page = (ROOT / "docs/doctor.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [one.name for one in CHECKS]


def test_each_page_that_a_check_leads_to_is_there(app: Flask) -> None:
    files = [*(ROOT / "ivr/backoffice/checks").glob("*.py"), *(ROOT / "ivr/operations/checks").glob("*.py")]
    named = {
        name for file in files for name in re.findall(r'"(console\.\w+)"', file.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= app.view_functions.keys()


def test_the_worst_of_nothing_is_ok() -> None:
    assert worst([]) == State.OK


@pytest.mark.parametrize(
    ("finding", "code"),
    [(ok("Fine."), 0), (warning("Look.", "Do.", "console.people"), 1), (wrong("Bad.", "Do."), 2)],
)
def test_monitoring_reads_the_exit_status_and_the_json(app: Flask, finding: Finding, code: int) -> None:
    services(app).keep(Checkup([Check("one", "One", lambda _: [finding])]))
    run = app.test_cli_runner()

    told = run.invoke(args=["doctor", "--json"])
    report = json.loads(told.stdout)

    assert told.exit_code == code
    assert (report["state"], datetime.fromisoformat(report["at"]).tzinfo) == (finding.state, UTC)
    page = "http://127.0.0.1:8000/settings/staff" if finding.page else ""
    assert report["checks"] == [
        {
            "check": "one",
            "title": "One",
            "state": finding.state,
            "found": finding.found,
            "to_do": finding.to_do,
            "page": page,
        }
    ]
    assert run.invoke(args=["doctor"]).output.startswith(f"{finding.state:<8} One  {finding.found}")
    assert run.invoke(args=["doctor", "--skip", "one"]).exit_code == 0
    assert "There is no check two." in run.invoke(args=["doctor", "--skip", "two"]).output


def test_a_letter_is_sent_only_when_it_is_asked_for(app: Flask) -> None:
    services(app).keep(Checkup([]))
    told = app.test_cli_runner().invoke(args=["doctor", "--letter", "me@example.com"])
    assert (told.exit_code, "has taken the email" in told.output) == (0, True)
