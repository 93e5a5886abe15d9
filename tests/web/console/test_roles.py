"""What each role opens: every route against the table, and which matters a technician sees."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, select

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.recording.models import Recording
from ivr.callcenter.routing.models import Offer
from ivr.company.policy.models import Audit
from ivr.company.policy.trail import Kind
from ivr.company.staff import roster
from ivr.company.staff.models import Role
from ivr.core import clock
from ivr.core.db import Base, Database
from ivr.platform.timeline.models import CallEvent
from ivr.web.console.common.gate import PUBLIC
from ivr.web.console.common.permissions import ACTIONS, Action, may
from tests.support.console import OMAR, TARA, LogIn, doors, token_in
from tests.support.intake_rows import an_intake

#: Their address alone says what is done, and to what: their forms have no field that could be missing.
BY_ADDRESS = {
    f"console.{name}"
    for name in (
        *("hold", "transfer", "bring_in", "hand_over", "hang_up", "call_back", "recording_pause"),
        *("claim", "ring_now", "withdraw_estimate", "close_money_task", "available"),
        *(
            "remove_prompt",
            "remove_prompt_words",
            "try_telephone",
            "remove_passkey",
            "make_recovery_codes",
            "logout",
        ),
    )
}
#: They answer an empty form with their page: it has no field, so none is saved.
SAVE_NOTHING = {"console.fill_in", "console.work_on_estimate"}
#: They change with every request, or are of the form and not of what it does.
NOT_THE_ACT = {"staff_session", "login_attempt", "known_device"}


@pytest.fixture
def matters(database: Database) -> None:
    """OPEN is nobody's and owed a call, BUSY is with a colleague, MINE was Tara's lately, OLD long ago, ELSE never."""
    now, day = clock.now(), timedelta(days=1)
    with database.transaction() as session:
        colleague = roster.add("Tomas Ruiz", "technician", "+14155550119", "tomas@example.com", ["en"], None)
        for number, reference in enumerate(("OPEN", "BUSY", "MINE", "OLD", "ELSE"), 1):
            more = {"reference": reference, "contact_name": f"Rosa {reference}", "state": "abandoned"}
            session.add(an_intake(number, **more, caller_number="+15105550100"))
        session.flush()
        session.add_all(
            [
                _owed(1, number="+15105550100"),
                _offer(2, colleague.id, accepted_at=now, ended_at=None),
                _offer(3, TARA, accepted_at=now - 6 * day, ended_at=now - 6 * day),
                _offer(4, TARA, accepted_at=now - 8 * day, ended_at=now - 8 * day),
                CallEvent(intake_id=3, at=now, kind="ledger_payment", key="1", data={"cents": 123_45}),
            ]
        )


def _offer(intake_id: int, staff_id: int, **more: Any) -> Offer:
    state = {"role": Role.TECHNICIAN, "state": "accepted", "language": "en", "made_at": more["accepted_at"]}
    return Offer(intake_id=intake_id, staff_id=staff_id, **state, **more)


def _owed(intake_id: int, **more: Any) -> Callback:
    now = clock.now()
    return Callback(intake_id=intake_id, reason="dropped", due_at=now, arrived_at=now, created_at=now, **more)


def test_every_route_has_an_action_and_no_other_has(app: Flask) -> None:
    routes = {rule.endpoint for rule, _, _ in doors(app)}
    assert routes - PUBLIC == set(ACTIONS)


@pytest.mark.parametrize("role", list(Role))
def test_every_route_is_open_to_the_roles_of_its_action_alone(
    app: Flask, log_in: LogIn, one_whole: str, role: Role
) -> None:
    client = log_in(role)
    token = token_in(client.get("/account/password").text)
    for rule, method, path in doors(app):
        if rule.endpoint in PUBLIC:
            continue
        is_open = may(role, ACTIONS[rule.endpoint])
        if is_open and (method != "GET" or rule.endpoint == "console.stream"):
            continue  # what an open form does is told elsewhere
        answer = client.open(path, method=method, data={"csrf_token": token} if method != "GET" else None)
        # Who has no board is led from its address to their own page.
        is_shut = answer.status_code == 403 or (answer.status_code, answer.location) == (303, "/t")
        assert is_shut != is_open, (role, method, path)


def test_an_empty_form_does_nothing(app: Flask, log_in: LogIn, database: Database, one_whole: str) -> None:
    owner = log_in("owner")
    token = token_in(owner.get(f"/intakes/{one_whole}").text)
    walked = 0
    for rule, method, path in doors(app):
        if method == "GET" or rule.endpoint in PUBLIC | BY_ADDRESS:
            continue
        before = _everything(database)
        answer = owner.open(path, method=method, data={"csrf_token": token}, headers={"X-Live": "1"})
        assert answer.status_code in {400, 404, 409, 413, 422} or rule.endpoint in SAVE_NOTHING, (
            method,
            path,
        )
        assert _everything(database) == before, (method, path)
        walked += 1
    assert walked > 20


def _everything(database: Database) -> dict[str, list[Any]]:
    def rows(table: Table) -> list[Any]:
        wanted = select(table)
        if table is Audit.__table__:
            wanted = wanted.where(Audit.kind != Kind.REFUSED)  # an empty password is a wrong one
        return sorted(map(repr, session.execute(wanted).all()))

    kept = [table for table in Base.metadata.sorted_tables if table.name not in NOT_THE_ACT]
    with database.reading() as session:
        return {table.name: rows(table) for table in kept}


@pytest.mark.usefixtures("matters")
def test_a_technician_sees_what_is_open_and_what_they_took_lately(log_in: LogIn) -> None:
    tara, omar = log_in("technician"), log_in("operator")
    for path in ("/intakes", "/search?q=rosa", "/callbacks"):
        assert _told(tara, path) == {"OPEN"} | ({"MINE"} if path != "/callbacks" else set()), path
    assert _told(omar, "/intakes") == {"OPEN", "BUSY", "MINE", "OLD", "ELSE"}
    for reference in ("OPEN", "MINE"):
        page = tara.get(f"/intakes/{reference}").text
        assert "Rosa BUSY" not in page, "nor among the earlier ones"
        assert "Rosa OLD" not in page
    live = {"X-Live": "1"}
    for reference in ("BUSY", "OLD", "ELSE", "GONE"):
        for path in (
            f"/intakes/{reference}",
            f"/intakes/{reference.lower()}",
            f"/intakes/{reference}/fields",
        ):
            for answer in (tara.get(path), tara.get(path, headers=live)):
                assert answer.status_code == 404, path
                assert "you see what&#39;s open now" in answer.text, "the same for what is not there"
        assert tara.get("/search", query_string={"q": reference}).status_code == 200, "it leads nowhere"
        token = token_in(tara.get("/intakes").text)
        sent = tara.post(f"/calls/{reference}/call-back", data={"csrf_token": token})
        assert sent.status_code == 404


@pytest.mark.usefixtures("matters")
def test_a_callback_of_a_colleague_is_not_a_technicians_to_close(log_in: LogIn, database: Database) -> None:
    with database.transaction() as session:
        session.scalars(select(Callback)).one().claimed_by = OMAR
    tara = log_in("technician")
    token = token_in(tara.get("/intakes").text)
    for what in ("end", "claim", "call", "due"):
        form = {"csrf_token": token, "reason": "No", "due_at": "2099-11-24T09:30"}
        refused = tara.post(f"/callbacks/1/{what}", data=form)
        assert refused.status_code in {409, 422}
        assert "Rosa" not in refused.text
    assert tara.get("/intakes/OPEN").status_code == 404


@pytest.mark.usefixtures("matters")
def test_the_board_does_not_say_who_talks_with_a_colleague(log_in: LogIn) -> None:
    for role, is_veiled in (("technician", True), ("operator", False)):
        for path in ("/", "/board"):
            board = log_in(role).get(path).text
            assert ("A colleague&#39;s caller" in board or "A colleague's caller" in board) == is_veiled
            assert ("Rosa BUSY" in board) != is_veiled
            assert "Rosa OPEN" in board
            assert ("Visits to book" in board) != is_veiled


@pytest.mark.usefixtures("matters")
def test_a_technician_sees_no_money(log_in: LogIn) -> None:
    tara, omar = log_in("technician"), log_in("operator")
    assert "$123.45" in omar.get("/intakes/MINE").text
    page = tara.get("/intakes/MINE").text
    assert "$" not in page
    for link in ("/money", "/estimates", "/reports", "/settings"):
        assert f'href="{link}"' not in page
        assert tara.get(link).status_code == 403
    assert 'href="/money"' in omar.get("/intakes/MINE").text


@pytest.mark.usefixtures("matters")
def test_a_technician_is_shown_recordings_of_their_own_calls_alone(log_in: LogIn, database: Database) -> None:
    with database.transaction() as session:
        for number in (1, 3):
            at = clock.now()
            ended = {"direction": "inbound", "status": "completed", "started_at": at, "ended_at": at}
            session.add(CustomerCall(id=number, sid=f"CA{number}", intake_id=number, **ended))
            session.flush()
            session.add(
                Recording(
                    id=number, call_id=number, intake_id=number, announced_at=clock.now(), state="completed"
                )
            )
    tara, omar = log_in("technician"), log_in("operator")
    for client, reference, is_shown in ((tara, "OPEN", 0), (tara, "MINE", 1), (omar, "OPEN", 1)):
        assert (f"/intakes/{reference}/recordings/" in client.get(f"/intakes/{reference}").text) == is_shown


@pytest.mark.usefixtures("matters")
def test_a_link_shows_what_they_took_lately_or_have_in_hand(tara: FlaskClient, database: Database) -> None:
    assert {ref for ref in ("OPEN", "BUSY", "MINE", "OLD") if tara.get(f"/t/{ref}").status_code == 200} == {
        "MINE"
    }
    with database.transaction() as session:
        session.add(_owed(session.scalars(select(Intake.id).where(Intake.reference == "OLD")).one()))
    assert tara.get("/t/OLD").status_code == 200, "they took it, and it is open again"
    assert tara.post("/t/available", data={"csrf_token": token_in(tara.get("/t").text)}).status_code == 400


def _told(client: FlaskClient, path: str) -> set[str]:
    page = client.get(path).text
    return {ref for ref in ("OPEN", "BUSY", "MINE", "OLD", "ELSE") if f"/intakes/{ref}" in page}


def test_operators_do_all_but_settings_reports_and_refunds() -> None:
    assert not may(Role.TECHNICIAN, Action.MONEY)
    assert {one for one in Action if not may(Role.OPERATOR, one)} == {
        Action.REFUND,
        Action.REPORTS,
        Action.SETTINGS,
        Action.PERSONAL_DATA,
    }
    assert all(may(Role.OWNER, one) for one in Action)
