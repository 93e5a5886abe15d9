"""Whoever has the one-time code becomes the owner of an empty line, once; a stranger never does."""

import re

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from ivr.company.first_run import setup_code
from ivr.company.first_run.models import SetupCode
from ivr.company.first_run.service import AlreadySetUpError, WrongCodeError
from ivr.company.staff import passwords, roster
from ivr.company.staff.models import Role
from ivr.core.log_masks import masked
from ivr.services import services
from ivr.web.console.common.tries import TRY_LATER
from ivr.web.server.first_start import tell_how_to_begin
from tests.support.console import send, token_in
from tests.support.newcomers import ADA, Newcomer
from tests.support.world import World
from tests.web.settings.owner import changes


def owners(world: World) -> list[str]:
    with world.database.reading():
        return [one.name for one in roster.everyone() if one.role == Role.OWNER]


@pytest.mark.parametrize("path", ["/", "/login", "/intakes/K7M3QX", "/settings/staff", "/login/forgot"])
def test_every_page_of_an_empty_line_leads_to_the_one_that_sets_it_up(client: FlaskClient, path: str) -> None:
    assert client.get(path).location == "/setup"
    assert "Set up this line" in client.get("/setup").text


def test_a_newcomer_becomes_the_owner_and_is_logged_in(
    empty: World, client: FlaskClient, code: str, sets_up: Newcomer
) -> None:
    answer = sets_up(f" {code.lower().replace('-', ' ')}")
    assert (answer.status_code, answer.location) == (303, "/settings/checklist")
    assert "7 still to do" in client.get("/settings/checklist").text
    with empty.database.reading():
        [ada] = roster.everyone()
    assert (ada.name, ada.role, ada.phone) == ("Ada Quinn", Role.OWNER, "+14155550177")
    assert passwords.check_password(ada, ADA["password"])
    assert [line[:3] for line in changes(empty)] == [
        ("the set-up page", "Staff: Ada Quinn", "not on the team"),
        ("Ada Quinn", "Log-in of Ada Quinn", ""),
    ]
    stranger = empty.app.test_client()
    assert stranger.get("/setup").location == "/login"
    assert stranger.get("/").location == "/login?next=/"


def test_the_code_is_good_for_one_owner(empty: World, code: str, sets_up: Newcomer) -> None:
    late = empty.app.test_client()
    page = late.get("/setup").text
    assert sets_up(code).status_code == 303
    form = {**ADA, "name": "Eve", "phone": "+14155550178", "email": "eve@example.com", "code": code}
    answer = late.post("/setup", data={**form, "csrf_token": token_in(page)})
    assert (answer.status_code, AlreadySetUpError.message in answer.text) == (409, True)
    assert owners(empty) == ["Ada Quinn"]
    with empty.database.transaction():
        roster.everyone()[0].is_active = False  # nobody runs the line once more
    assert send(late, "/setup", **form).status_code == 422
    assert owners(empty) == ["Ada Quinn"]


def test_a_stranger_without_the_code_guesses_five_times(empty: World, code: str, sets_up: Newcomer) -> None:
    for guess in ("", "BCDFG-HJKLM-NPQRS", "' OR 1=1", "\N{LATIN SMALL LETTER DOTLESS I}" * 15, "x" * 5000):
        answer = sets_up(guess)
        assert (answer.status_code, WrongCodeError.message in answer.text) == (422, True)
        assert ADA["password"] not in answer.text
    answer = sets_up(code)
    assert (answer.status_code, TRY_LATER in answer.text) == (429, True)
    assert owners(empty) == []
    empty.advance(15 * 60)
    assert sets_up(code).status_code == 303


def test_what_is_mistyped_is_said_beside_its_field_and_spends_neither_code_nor_try(
    empty: World, code: str, sets_up: Newcomer
) -> None:
    mistyped: list[tuple[str, dict[str, str]]] = [
        ("name", {"name": " "}),
        ("phone", {"phone": "555"}),
        ("phone", {"phone": "+19005550100"}),
        ("email", {"email": "ada"}),
        ("password", {"password": "short", "again": "short"}),
        ("password", {"password": "", "again": ""}),
        ("again", {"again": "another long one"}),
    ]
    for field, typed in mistyped:
        answer = sets_up(code, **typed)
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True), typed
    assert owners(empty) == []
    assert sets_up(code).status_code == 303


def test_every_web_prints_the_same_code_at_each_start_until_there_is_an_owner(
    empty: World, sets_up: Newcomer
) -> None:
    told = [starts(empty) for _ in range(2)]
    [first], [second] = told
    assert first == second
    assert first["open"] == f"{empty.address}/setup"
    assert masked(first["code"]) == first["code"]
    with empty.database.reading() as session:
        assert first["code"] not in str(vars(session.query(SetupCode).one()))
    assert sets_up(first["code"]).status_code == 303
    assert starts(empty) == []


def test_a_lost_code_is_replaced_by_a_command(empty: World, code: str, sets_up: Newcomer) -> None:
    run = empty.app.test_cli_runner()
    said = run.invoke(args=["staff", "setup-code"]).output
    [new] = re.findall(r"[A-Z]{5}-[A-Z]{5}-[A-Z]{5}", said)
    assert f"Open {empty.address}/setup" in said
    assert sets_up(code).status_code == 422
    assert sets_up(new).status_code == 303
    again = run.invoke(args=["staff", "setup-code"])
    assert (again.exit_code, AlreadySetUpError.message in again.output) == (1, True)


def test_a_code_of_the_key_before_is_still_good(empty: World, code: str) -> None:
    keys = services(empty.app).config.secret_keys
    with empty.database.transaction():
        assert not setup_code.use_up(code, ["another key", "one more"])
        assert setup_code.use_up(code, [*keys, "a newer key"])
        assert not setup_code.use_up(code, keys)


def starts(world: World) -> list[dict[str, str]]:
    with capture_logs() as logs:
        tell_how_to_begin(world.app).join()
    return [dict(entry) for entry in logs if entry["event"] == "set_up_this_line"]
