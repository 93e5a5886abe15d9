"""The intake desk: two people at the same field, what was probably meant, and what is left after the call."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from ivr.core.db import Database
from ivr.core.email_addresses import email_meant
from ivr.web.console.intake import service as intake
from tests.support.browser import without_browser
from tests.support.console import LogIn, send, token_in
from tests.support.console_pages import Visit
from tests.support.intake_rows import an_intake, kept


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rosa@gmial.com", "rosa@gmail.com"),
        ("Rosa@hotnail.com", "Rosa@hotmail.com"),
        ("rosa@yaho.com", "rosa@yahoo.com"),
        ("rosa@gmail.con", "rosa@gmail.com"),
        ("rosa@dental.con", "rosa@dental.com"),
        ("rosa@gmail.com", None),
        ("rosa@mail.com", None),
        ("rosa@example.com", None),
        ("rosa@yahoo.co.uk", None),
        ("rosa", None),
        (None, None),
    ],
)
def test_what_was_probably_meant(typed: str | None, meant: str | None) -> None:
    assert email_meant(typed) == meant


def test_of_two_who_save_the_same_field_in_the_same_moment_one_is_told(database_url: str) -> None:
    database = Database(database_url)
    with database.transaction() as work:
        work.add(an_intake(1))
    together = Barrier(2)

    def save(name: str) -> bool:
        together.wait(5)
        with database.transaction():
            told = intake.fill_in("R1", {"contact_name": name}, by=name, seen={"contact_name": None})
        assert told is not None
        return "contact_name" in told and told["contact_name"].by == told["contact_name"].theirs

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(save, ("Rosa", "Rosalia"))) == [False, True]
    with database.transaction():
        other = intake.fill_in("R1", {"site_address": "1 Main St"}, by="Olga", seen={"site_address": None})
        assert other == {}, "different fields never meet"
    database.engine.dispose()


def test_without_a_script_both_versions_come_back_and_nothing_is_lost(
    operator: FlaskClient, log_in: LogIn, database: Database, one_whole: str
) -> None:
    path = f"/intakes/{one_whole}"
    send(log_in("owner"), path, contact_name="Rosalia")
    mine = {"contact_name": "Rose", "was_contact_name": "Rosa Díaz", "site_address": "1 Main St"}
    assert send(operator, path, **mine, was_site_address="").status_code == 303
    answer = operator.get(path)
    for words in ("Olivia Stone has changed this", "Rosalia</blockquote>", 'value="Rose"', "1 Main St"):
        assert words in answer.text
    assert 'name="was_contact_name" value="Rosalia"' in answer.text, "the next save is meant"
    assert kept(database, "site_address") is None
    again = {**mine, "was_contact_name": "Rosalia", "was_site_address": ""}
    assert send(operator, path, **again, take="contact_name").status_code == 303
    assert (kept(database, "contact_name"), kept(database, "site_address")) == ("Rosalia", "1 Main St")
    assert send(operator, path, **again, mine="contact_name").status_code == 303
    assert kept(database, "contact_name") == "Rose"


def test_what_was_not_touched_here_does_not_undo_what_another_has_kept(
    operator: FlaskClient, database: Database, one_whole: str
) -> None:
    path = f"/intakes/{one_whole}"
    send(operator, path, contact_name="Rosalia")
    send(operator, path, contact_name="Rosa Díaz", was_contact_name="Rosa Díaz", site_address="1 Main St")
    assert kept(database, "contact_name") == "Rosalia"


def test_a_suggestion_is_taken_by_a_button_and_never_blocks(
    operator: FlaskClient, database: Database, one_whole: str
) -> None:
    path = f"/intakes/{one_whole}"
    send(operator, path, contact_email="rosa@gmial.com")
    assert kept(database, "contact_email") == "rosa@gmial.com"
    assert "rosa@gmail.com</button>" in operator.get(path).text
    send(operator, path, contact_email="rosa@gmial.com", meant="1")
    assert kept(database, "contact_email") == "rosa@gmail.com"
    assert "Did you mean" not in operator.get(path).text


def test_whoever_handled_the_call_leaves_notes_and_what_became_of_it(log_in: LogIn, one_whole: str) -> None:
    technician, path = log_in("technician"), f"/intakes/{one_whole}"
    left = {"notes": "Panel in the cellar.", "wrap_up": "visit_booked", "wrap_up_note": "Tuesday"}
    assert send(technician, path, **left).status_code == 303
    assert "Panel in the cellar." in log_in("operator").get(path).text
    assert "Visit booked" in technician.get("/intakes").text
    assert send(technician, path, wrap_up="nonsense").status_code == 303
    assert "Choose one from the list." in technician.get(path).text


def test_a_live_page_is_answered_field_by_field(operator: FlaskClient, one_whole: str) -> None:
    path = f"/intakes/{one_whole}"
    token = token_in(operator.get(path).text)

    def save(**form: str) -> tuple[int, dict[str, dict[str, dict[str, str]]]]:
        answer = operator.post(path, data={**form, "csrf_token": token}, headers={"X-Live": "1"})
        return answer.status_code, answer.get_json()

    status, said = save(system_number="415.555.2671", was_system_number="")
    assert (status, said["fields"]["system_number"]) == (
        200,
        {"was": "+14155552671", "shown": "(415) 555-2671"},
    )
    status, said = save(system_number="12", was_system_number="+14155552671")
    assert status == 422
    assert "That isn't a phone number." in str(said["errors"]["system_number"])
    status, said = save(system_number="510 555 0100", was_system_number="")
    assert (status, said["conflicts"]["system_number"]["shown"]) == (409, "(415) 555-2671")


@without_browser
def test_two_windows_at_the_same_intake(visit: Visit, one_whole: str) -> None:
    mine, theirs = visit(f"/intakes/{one_whole}"), visit(f"/intakes/{one_whole}", role="owner")
    mine.get_by_label("Main number of that system").fill("4155552671")
    mine.get_by_label("Email").focus()
    expect(mine.get_by_text("Saved ")).to_be_visible()
    expect(mine.get_by_label("Main number of that system")).to_have_value("(415) 555-2671")
    expect(theirs.get_by_label("Main number of that system")).to_have_value("(415) 555-2671")
    name = mine.get_by_label("Name", exact=True)
    theirs.route("**/fields", lambda route: route.fulfill(status=503))  # the news comes too late
    name.fill("Rosalia")
    with mine.expect_response(lambda answer: answer.request.method == "POST"):
        name.blur()
    theirs.get_by_label("Name", exact=True).type("x")
    theirs.get_by_label("Name", exact=True).blur()
    expect(theirs.get_by_text("Omar Haddad has changed this")).to_be_visible()
    theirs.get_by_role("button", name="Keep mine").click()
    expect(theirs.get_by_text("Saved ")).to_be_visible()
    expect(name).to_have_value("xRosa Díaz")
    mine.get_by_label("Email").fill("rosa@gmial.com")
    mine.get_by_role("button", name="rosa@gmail.com").click()
    expect(mine.get_by_label("Email")).to_have_value("rosa@gmail.com")
