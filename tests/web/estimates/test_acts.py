"""What the forms of an intake's page are answered with, by a browser that runs no scripts, and by a live page."""

import re

from flask.testing import FlaskClient
from sqlalchemy import event, select

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.payments.models import PaymentTask
from ivr.core import clock
from ivr.core.db import Database
from ivr.services import services
from tests.support.console import send, sends

ODD = {"do": "send", "seen": "0", "extra_hours": "2", "surcharge": "30", "surcharge_reason": "Far away"}


def test_what_is_refused_is_shown_once_on_the_page_and_no_address_posts_again(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    refused = send(desk, f"{path}/estimate", seen_on=path, **ODD)
    assert (refused.status_code, refused.location) == (303, f"{path}#estimate")

    page = desk.get(path).text
    assert page.count("$680 doesn&#39;t fit our price steps") == 1, (
        "one message for one cause, beside its field"
    )
    assert re.search(r'name="surcharge"[^>]*value="30"[^>]*aria-invalid="true"', page)
    assert 'id="call-control"' in page
    assert "our price steps" not in desk.get(path).text, "a reload begins anew"
    with database.reading():
        assert estimates_queries.versions(intake_id) == []


def test_what_is_refused_is_shown_on_no_other_intake_and_in_no_other_window(
    desk: FlaskClient, path: str
) -> None:
    send(desk, f"{path}/estimate", seen_on=path, **ODD)
    assert "our price steps" not in desk.get(path, headers={"X-Live": "1"}).text
    assert "our price steps" in desk.get(path).text


def test_more_than_a_browser_keeps_is_dropped_and_the_log_in_is_not(desk: FlaskClient, path: str) -> None:
    long = {"surcharge_reason": "\N{PILE OF POO}" * 300, "rate_reason": "\N{PILE OF POO}" * 300}
    assert send(desk, f"{path}/estimate", seen_on=path, **{**ODD, **long}).status_code == 303
    assert desk.get(path).status_code == 200


def test_every_act_leads_back_to_its_part_of_the_page_and_says_what_was_done(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    def done(what: str, anchor: str, words: str, **fields: str) -> None:
        answer = send(desk, what if what.startswith("/") else f"{path}/{what}", seen_on=path, **fields)
        assert (answer.status_code, answer.location) == (303, f"{path}#{anchor}")
        assert re.search(rf"data-said[^>]*>{words}", desk.get(path).text), words

    done("estimate", "estimate", "Kept as a draft", do="keep", seen="0", extra_hours="1")
    done("estimate", "estimate", "Sent", do="send", seen="1", extra_hours="1")
    done("estimate/promise", "estimate", "Scheduled", due_at="2026-11-24T10:00")
    with database.transaction() as session:
        estimates.paid(estimates_queries.versions(intake_id)[0].id)
        session.add(
            PaymentTask(intake_id=intake_id, kind="overpaid", cents=50_00, ref="x", opened_at=clock.now())
        )
    done("booking", "visit", "Booked", day="2026-12-04", **{"from": "09:00", "to": "11:00"})
    with database.reading() as session:
        task_id = session.scalars(select(PaymentTask.id)).one()
    done(f"/money/{task_id}", "money", "Marked as done")


def test_the_estimate_is_on_the_page_of_its_intake(desk: FlaskClient, path: str) -> None:
    assert desk.get(f"{path.lower()}/estimate").location == f"{path}#estimate"
    assert desk.get("/intakes/<b>/estimate").status_code == 404


def test_a_live_page_is_given_the_page_without_its_frame(desk: FlaskClient, path: str) -> None:
    refused = sends(desk, path, **ODD)
    assert refused.status_code == 422
    assert "<nav" not in refused.text
    assert "data-typed" in refused.text
    done = sends(desk, path, do="send", seen="0", extra_hours="1")
    assert "Sent. Its progress is shown here." in done.text
    assert re.search(r'<details[^>]*id="estimate-work"(?![^>]* open)', done.text), (
        "it does not ask to be sent again"
    )
    assert "data-typed" not in done.text


def test_who_is_told_that_somebody_was_faster_has_then_seen_it(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    sends(desk, path, do="send", seen="0", extra_hours="1")
    late = sends(desk, path, do="send", seen="0", extra_hours="2")
    assert late.status_code == 409
    assert re.search(r'name="extra_hours"[^>]*value="2"', late.text), "theirs stands above, mine is kept"
    seen = re.search(r'name="seen" value="(\d+)"', late.text)
    assert seen
    assert sends(desk, path, do="send", seen=seen[1], extra_hours="2").status_code == 200
    with database.reading():
        assert [one.extra_hours for one in estimates_queries.versions(intake_id)] == [2, 1]


def test_hours_of_the_visit_are_never_sent_as_more_time(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    """The customer pays while the operator writes the next version; a colleague has sent more time meanwhile."""
    sends(desk, path, do="send", seen="0", extra_hours="1")
    with database.transaction():
        estimates.paid(estimates_queries.versions(intake_id)[0].id)
    for seen in ("0", "1"):
        late = sends(desk, path, do="send", seen=seen, kind="visit", extra_hours="3", agreed_by="Maria")
        assert late.status_code == 409, seen
    with database.reading():
        assert len(estimates_queries.versions(intake_id)) == 1


def test_a_look_at_everything_is_one_request_of_few_statements(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    sends(desk, path, do="send", seen="0", extra_hours="1")
    with database.transaction():
        estimates.paid(estimates_queries.versions(intake_id)[0].id)
    with desk.application.app_context():
        engine = services().database.engine
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *of: said.append(of[2]))
    page = desk.get(path, headers={"X-Live": "1"}).text
    assert len([one for one in said if one.startswith("SELECT")]) <= 28
    assert set(re.findall(r'data-live="([^"]+)"', page)) == {path}, "all of its parts have one address"
