"""Who came in, who was refused, who looked: a line each, which the owner finds and takes out."""

import csv
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ivr.callcenter.intake import clips
from ivr.callcenter.intake.models import Clip
from ivr.cli.export import export
from ivr.company.policy import trail
from ivr.company.policy.trail import Kind, Wanted
from ivr.company.staff import changes
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import Database
from tests.support.console import OMAR, PASSWORD, TARA, LogIn, send
from tests.support.intake_rows import WHOLE

#: Noon in California.
MONDAY = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def lines(database: Database, *kinds: Kind) -> list[tuple[str, str]]:
    """Who, and of what, the oldest first; of these kinds."""
    with database.reading():
        found = trail.lines(Wanted(), limit=99)
        return [(one.staff_name, one.subject) for one in reversed(found) if one.kind in kinds]


def test_a_log_in_its_refusal_and_its_end_are_a_line_each(app: Flask, database: Database) -> None:
    stranger = app.test_client()
    for _ in range(7):  # the last of them too many
        send(stranger, "/login", email="operator@example.com", password="a guess of somebody")
        send(stranger, "/login", email="rosa@customer.example", password="a guess of somebody")
    omar = log_in_from("10.9.8.7", app)
    send(omar, "/logout", seen_on="/intakes")

    of_omar, unknown = ("Someone", "Log-in of Omar Haddad"), ("Someone", "Log-in with an unknown address")
    assert sorted(lines(database, Kind.REFUSED)) == [of_omar, of_omar, unknown, unknown], (
        "for each reason, once an hour"
    )
    assert lines(database, Kind.LOG_IN, Kind.LOG_OUT) == [("Omar Haddad", "Log-in of Omar Haddad")] * 2
    with database.reading():
        told = " ".join(one.after for one in trail.lines(Wanted(), limit=99))
    assert "with the password; " in told
    assert "from 10.9.8.7" in told
    assert "rosa" not in told, "the address may be a customer's"
    assert "guess" not in told


def log_in_from(address: str, app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    answer = send(client, "/login", email="operator@example.com", password=PASSWORD)
    assert answer.status_code == 302
    return client


def test_a_link_is_a_line_and_a_closed_one_too(
    app: Flask, database: Database, tara: FlaskClient, path: str
) -> None:
    assert tara.get("/t").status_code == 200
    assert lines(database, Kind.LINK) == [("Tara Nguyen", "Log-in of Tara Nguyen")]
    with database.transaction() as session:
        changes.revoke_links(session.get_one(Staff, OMAR), session.get_one(Staff, TARA))
    app.test_client().get(path)
    assert lines(database, Kind.REFUSED) == [("Someone", "Log-in of Tara Nguyen")]


def test_a_message_that_is_heard_is_one_line_an_hour(
    log_in: LogIn, database: Database, one_whole: str
) -> None:
    with database.transaction() as session:
        clips.keep_audio(WHOLE, "https://api.twilio.com/recording", b"RIFF of a caller")
        clip_id = session.scalars(select(Clip.id)).first()
    omar = log_in("operator")
    path = f"/intakes/{one_whole}/clips/{clip_id}"
    for more in ({}, {"Range": "bytes=0-1"}, {}):
        assert omar.get(path, headers=more).status_code in {200, 206}
    heard = ("Omar Haddad", f"Caller's message {clip_id} of {one_whole}")
    assert lines(database, Kind.HEARD) == [heard]
    log_in("owner").get(path)
    assert len(lines(database, Kind.HEARD)) == 2, "another person"


def test_what_is_taken_out_is_a_line(app: Flask, database: Database, log_in: LogIn) -> None:
    owner = log_in("owner")
    assert owner.get("/reports.csv?from=2026-11-01&to=2026-11-20").status_code == 200
    assert app.test_cli_runner().invoke(export, ["intakes"]).exit_code == 0
    assert lines(database, Kind.EXPORT) == [
        ("Olivia Stone", "Report of calls"),
        ("export intakes", "All intakes"),
    ]


def test_the_owner_finds_lines_by_person_kind_and_day_and_takes_them_out(
    database: Database, log_in: LogIn
) -> None:
    with database.transaction() as session:
        omar = session.get_one(Staff, OMAR)
        for day, (kind, what) in enumerate(
            ((Kind.CHANGE, "=Prices"), (Kind.HEARD, "Recording 1 of R1"), (Kind.HEARD, "Recording 2 of R2"))
        ):
            with clock.held_at(MONDAY + timedelta(days=day)):
                trail.note(kind, what, omar)
    owner = log_in("owner")
    for query, shown in (
        (f"who={OMAR}", {"Prices", "R1", "R2"}),
        (f"who={OMAR}&what=heard", {"R1", "R2"}),
        ("what=heard&from=2026-11-25", {"R2"}),
        ("to=2026-11-24", {"Prices", "R1"}),
        (f"who={TARA}", set()),
    ):
        page, file = (owner.get(f"/settings/changes{kind}?{query}").text for kind in ("", ".csv"))
        for text in (page, file):
            assert {
                one for one in ("Prices", "R1", "R2") if f"of {one}" in text or f"={one}" in text
            } == shown, query
    rows = list(
        csv.DictReader(owner.get(f"/settings/changes.csv?who={OMAR}").text.lstrip("\ufeff").splitlines())
    )
    assert [(one["who"], one["kind"]) for one in rows] == [
        ("Omar Haddad", kind) for kind in ("heard", "heard", "change")
    ]
    assert rows[-1]["what"] == "'=Prices", "no formula"
    assert len(lines(database, Kind.EXPORT)) == 6
    for query in ("who=x", "what=x"):
        assert owner.get(f"/settings/changes?{query}").status_code == 404
    short = owner.get("/settings/changes?what=heard&from=11/25/26").text
    assert "of R2" in short
    assert "of R1" not in short
    page = owner.get("/settings/changes?what=heard&from=x&to=0026-11-24").text
    assert "We can&#39;t read “x”" in page
    assert 'aria-describedby="from-error"' in page
    assert 'value="2026-11-24"' in page
    assert "of R1" in page
    assert "of R2" not in page, "the other filters hold"
    assert owner.get("/settings/changes.csv?from=x").status_code == 404
