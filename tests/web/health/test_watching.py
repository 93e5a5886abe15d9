"""What load balancers and Prometheus are told."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from ivr.app import create_app
from ivr.backoffice.reports import counting, today
from ivr.backoffice.reports.today import Today
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls import service as calls
from ivr.company.hours import service as hours
from ivr.core import clock
from ivr.core.config import DESK, from_environment
from ivr.platform.jobs import enqueue
from ivr.services import services
from ivr.web.health import queries as health_queries
from tests.support.openings import gets_in_line, talk
from tests.support.world import LINE, World

TOKEN = "a token of sixteen letters"


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    app = create_app(from_environment(DESK | {"DATABASE_URL": database_url}))
    yield app
    services(app).database.engine.dispose()


def figures(app: Flask) -> dict[str, float]:
    """Every sample, by its name and its endpoint where it has one."""
    page = app.test_client().get("/metrics")
    assert page.status_code == 200
    return {
        f"{sample.name} {sample.labels.get('endpoint', '')}".strip(): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
    }


def test_a_caller_in_line_is_seen_from_another_process(world: World, database_url: str) -> None:
    other = create_app(from_environment(DESK | {"DATABASE_URL": database_url}))
    assert figures(other)["line_callers_waiting"] == 0
    gets_in_line(world.people.customer)
    world.people.dana.rings()
    seen = figures(other)
    assert seen["line_callers_waiting"] == 1
    assert seen["line_offers_ringing"] == 1
    assert seen["line_database_up"] == 1
    services(other).database.engine.dispose()


def test_what_is_overdue_is_counted(app: Flask) -> None:
    database, now = services(app).database, clock.now()
    with database.transaction() as session:
        intake = calls.new_intake("+14155552671")
        for minutes, state in ((-1, "promised"), (-1, "task"), (5, "promised"), (-9, "done")):
            session.add(
                Callback(
                    intake_id=intake.id,
                    reason="dropped",
                    state=state,
                    due_at=now + timedelta(minutes=minutes),
                    arrived_at=now,
                    created_at=now,
                )
            )
        enqueue("one", run_at=now - timedelta(seconds=90))
        enqueue("two", run_at=now - timedelta(seconds=5))
        enqueue("three", run_at=now + timedelta(hours=1))
    seen = figures(app)
    assert seen["line_callbacks_overdue"] == 1
    assert seen["line_callbacks_for_a_person"] == 1
    assert seen["line_jobs_due"] == 2
    assert 90 <= seen["line_oldest_job_seconds"] < 120


def test_the_callers_of_today_are_those_of_the_reports(world: World) -> None:
    talk(world.people)
    world.people.dana.hangs_up()
    other = world.handset("+14155552672", "Another customer")
    other.dials(LINE).hears("For an onsite visit").presses("1")
    other.hears("may we call you back").presses("1").hears("what is going wrong").says("no dial tone")
    other.hears("Please hold for a technician")
    with world.database.reading():
        before = today.so_far()
    other.hangs_up()
    with world.database.reading():
        now = today.so_far()
        day = date(2026, 11, 23)
        figures = counting.days(hours.calendar(), day, day)[day].figures
    assert (before.rang, before.answered, before.left_line) == (2, 1, 0)
    assert now == Today(figures["rang"], figures["answered"], figures["left_line"])
    assert now.left_line == 1


def test_staff_are_told_by_what_they_do(world: World) -> None:
    world.off_shift("tomas")
    gets_in_line(world.people.customer)
    world.people.dana.rings()
    with world.database.reading():
        (staff,) = (one for one in health_queries.gauges() if one.name == "line_staff")
    assert {labels: count for labels, count in staff.values.items() if count} == {
        ("technician", "engaged"): 1,
        ("technician", "away"): 1,
        ("operator", "free"): 2,
    }


def test_what_the_network_did_not_sign_and_what_broke_is_counted(world: World) -> None:
    world.faults_expected = True
    client, counted = world.app.test_client(), services(world.app).find(CollectorRegistry)

    def figures() -> list[float]:
        names = "line_turns_failed_total", "line_fallbacks_total", "line_errors_total"
        refused = counted.get_sample_value("line_signatures_refused_total", {"whose": "telephone"}) or 0
        return [refused, *(counted.get_sample_value(name) or 0 for name in names)]

    before = figures()
    client.post("/voice/incoming", data={"CallSid": "CA1"})
    world.breaks(world.fails_once())
    client.post("/voice/incoming", **world.signed("/voice/incoming", CallSid="CA" + "1" * 32))
    client.post("/voice/fallback", **world.signed("/voice/fallback", CallSid="CA" + "1" * 32))
    assert [now - then for now, then in zip(figures(), before, strict=True)] == [1, 1, 1, 0]


def test_requests_are_counted_by_endpoint_and_never_by_path(app: Flask) -> None:
    client = app.test_client()
    for path in ("/health", "/health", "/clips/a-secret-token.wav", "/nowhere/+14155552671"):
        client.get(path)
    seen = figures(app)
    assert seen["line_requests_total health.health"] == 2
    assert seen["line_requests_total clips.clip"] == 1
    assert seen["line_request_seconds_total health.health"] > 0
    page = client.get("/metrics").text
    assert "secret" not in page
    assert "4155552671" not in page


def test_a_scrape_is_a_handful_of_statements(app: Flask) -> None:
    asked: list[str] = []
    event.listen(services(app).database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    figures(app)
    assert 0 < len(asked) <= 15


@pytest.mark.parametrize(
    ("environment", "address", "shown", "status"),
    [
        ({}, "127.0.0.1", "", 200),
        ({}, "::1", "", 200),
        ({}, "10.0.0.8", "", 404),
        ({"METRICS_TOKEN": TOKEN}, "10.0.0.8", f"Bearer {TOKEN}", 200),
        ({"METRICS_TOKEN": TOKEN}, "127.0.0.1", "", 404),
        ({"METRICS_TOKEN": TOKEN}, "10.0.0.8", "Bearer é", 404),
        ({"METRICS_TOKEN": TOKEN}, "10.0.0.8", TOKEN, 404),
    ],
)
def test_who_may_look(
    database_url: str, environment: dict[str, str], address: str, shown: str, status: int
) -> None:
    app = create_app(from_environment(DESK | {"DATABASE_URL": database_url, **environment}))
    headers = {"Authorization": shown} if shown else {}
    answer = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert ("line_callers_waiting" in answer.text) == (status == 200)
    services(app).database.engine.dispose()


def test_in_production_nobody_is_let_in_for_coming_from_here(world: World) -> None:
    assert world.app.test_client().get("/metrics").status_code == 404


def test_ready_means_that_the_database_answers(app: Flask) -> None:
    assert app.test_client().get("/ready").status_code == 204


def test_without_a_database_it_lives_but_is_not_ready(tmp_path: object) -> None:
    app = create_app(from_environment(DESK | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/line"}))
    client = app.test_client()
    assert client.get("/health").status_code == 204
    refused = client.get("/ready")
    assert refused.status_code == 503
    assert "127.0.0.1" not in refused.text
    assert figures(app)["line_database_up"] == 0
