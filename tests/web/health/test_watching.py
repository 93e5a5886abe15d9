"""What load balancers and Prometheus are told."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from ivr.app import create_app
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls import service as calls
from ivr.core import clock
from ivr.core.config import DESK, from_environment
from ivr.platform.jobs import enqueue
from ivr.services import services
from tests.support.openings import gets_in_line
from tests.support.world import World

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
    assert 0 < len(asked) <= 18


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
