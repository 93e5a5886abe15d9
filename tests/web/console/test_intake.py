"""One intake: what is shown, what may be typed."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from ivr.callcenter.intake import clips
from ivr.callcenter.intake.models import Intake
from ivr.core.db import Database
from ivr.platform.timeline.models import CallEvent
from tests.support.console import LogIn, send
from tests.support.intake_rows import an_intake

GOOD = {
    "contact_name": "  Rosa   Díaz ",
    "contact_number": "415-555-2671",
    "contact_email": " Rosa@Example.com ",
    "site_address": "1 Main St\r\nOakland  \r\n",
    "system_number": "+1 (510) 555-0100",
    "detailed_issue": "Line one.\r\n\r\n<script>alert(1)</script> & more",
}


def shown(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def kept(database: Database) -> dict[str, str | None]:
    with database.reading() as session:
        intake = session.scalars(select(Intake)).one()
        return {name: getattr(intake, name) for name in GOOD}


def test_everything_on_the_record_is_shown(operator: FlaskClient, one_whole: str) -> None:
    page = shown(operator.get(f"/intakes/{one_whole}").text)
    for words in (
        "Rosa Díaz K7M3QX",
        "Cut off",
        "Onsite visit",
        "Half the phones went dead <b>this morning</b> & the fax line hums.",
        "Recording of the caller",
        "Call back (510) 555-0100",
        "Called from (415) 555-2671",
        "Language Spanish",
        "Technician Tara Nguyen",
        "Operator Omar Haddad",
        "2 of 6 filled. Missing: email, site address, main number of that system, issue details.",
        "To be called (510) 555-0100 due Mon, Nov 23, 2026, 12:00 PM PST The call dropped; goes to Tara Nguyen first",
        "No longer needed no number known: a task for a person",
    ):
        assert words in page


def test_a_reference_may_be_typed_in_small_letters(operator: FlaskClient, one_whole: str) -> None:
    assert operator.get(f"/intakes/{one_whole.lower()}").status_code == 200


def test_an_empty_record_says_so(operator: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        session.add(an_intake(1))
        session.flush()
        clips.recorded(1, "javascript:alert(1)", seconds=3)
    page = operator.get("/intakes/R1").text
    for words in (
        "blocked",
        "not yet",
        "nobody yet",
        "Kind not chosen yet",
        "0 of 6 filled",
        "Nothing yet.",
    ):
        assert words in page
    assert "javascript" not in page


def test_a_technician_reads_the_six_fields(log_in: LogIn, one_whole: str) -> None:
    page = log_in("technician").get(f"/intakes/{one_whole}").text
    assert "Rosa Díaz" in page
    assert 'name="contact_name"' not in page
    assert 'name="notes"' in page, "what they found out is theirs to leave"


def test_what_is_typed_is_kept_cleaned_and_noted(
    operator: FlaskClient, database: Database, one_whole: str
) -> None:
    answer = send(operator, f"/intakes/{one_whole}", **GOOD)
    assert (answer.status_code, answer.location) == (303, f"/intakes/{one_whole}")
    assert kept(database) == {
        "contact_name": "Rosa Díaz",
        "contact_number": "+14155552671",
        "contact_email": "Rosa@Example.com",
        "site_address": "1 Main St\nOakland",
        "system_number": "+15105550100",
        "detailed_issue": "Line one.\n\n<script>alert(1)</script> & more",
    }
    raw = operator.get(answer.location).text
    page = shown(raw)
    assert "Saved." in page
    assert "All 6 filled." in page
    assert "<script>" not in raw
    assert "Omar Haddad filled in: email, site address, main number of that system, issue details." in page, (
        "only what has changed"
    )
    assert "Saved." not in operator.get(answer.location).text


def test_saving_the_same_again_is_no_news(operator: FlaskClient, database: Database, one_whole: str) -> None:
    for _ in range(2):
        send(operator, f"/intakes/{one_whole}", **GOOD)
    with database.reading() as session:
        assert len(session.scalars(select(CallEvent).where(CallEvent.kind == "fields_filled")).all()) == 1


def test_a_field_may_be_emptied(operator: FlaskClient, database: Database, one_whole: str) -> None:
    send(operator, f"/intakes/{one_whole}", **{**GOOD, "contact_name": " "})
    assert kept(database)["contact_name"] is None


@pytest.mark.parametrize(
    ("name", "typed", "error"),
    [
        ("contact_number", "555-2671", "That isn&#39;t a phone number."),
        ("contact_number", "sip:rosa@example.com", "That isn&#39;t a phone number."),
        ("system_number", "1" * 23, "That isn&#39;t a phone number."),
        ("contact_email", "rosa", "That isn&#39;t an email address."),
        ("contact_email", "rosa@example.com, all@example.com", "That isn&#39;t an email address."),
        ("contact_name", "R" * 201, "Too long by 1 characters."),
        ("site_address", "1 Main St " * 51, "Too long by 9 characters."),
        ("detailed_issue", "x" * 5100, "Too long by 100 characters."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(
    log_in: LogIn, database: Database, name: str, typed: str, error: str
) -> None:
    with database.transaction() as session:
        session.add(an_intake(1))
    before = kept(database)
    owner = log_in("owner")
    sent = send(owner, "/intakes/R1", **{**GOOD, name: typed})
    assert (sent.status_code, sent.location) == (303, "/intakes/R1"), "a reload sends nothing again"
    answer = owner.get("/intakes/R1")
    assert "<title>Error: Unknown caller · R1" in answer.text
    assert f'<p class="error" id="{name}-error">{error}' in answer.text
    assert f'aria-describedby="{name}-mark {name}-hint {name}-error" aria-invalid="true"' in answer.text
    page = unescape(answer.text).replace("\r\n", "\n")
    for one in {**GOOD, name: typed}.values():
        assert one.replace("\r\n", "\n") in page
    assert kept(database) == before
    assert "Error" not in owner.get("/intakes/R1").text, "it is said once"


def test_control_characters_go_no_further(operator: FlaskClient, database: Database, one_whole: str) -> None:
    send(operator, f"/intakes/{one_whole}", **{**GOOD, "contact_name": "Rosa\x00\x1b[2J Díaz"})
    assert kept(database)["contact_name"] == "Rosa [2J Díaz"


def test_a_form_for_an_intake_that_is_gone(operator: FlaskClient, one_whole: str) -> None:
    assert send(operator, "/intakes/GONE", seen_on=f"/intakes/{one_whole}", **GOOD).status_code == 404


@pytest.mark.parametrize(
    "shared",
    [
        {"caller_number": "+15105550100"},
        {"callback_number": "+14155552671"},
        {"contact_number": "+14155552671"},
        {"contact_email": "rosa@example.com"},
        {"system_number": "+12125550199"},
    ],
    ids=lambda shared: next(iter(shared)),
)
def test_what_the_same_people_had_before_is_at_hand(
    operator: FlaskClient, database: Database, one_whole: str, shared: dict[str, str]
) -> None:
    with database.transaction() as session:
        session.execute(
            update(Intake)
            .where(Intake.reference == one_whole)
            .values(contact_email="rosa@example.com", system_number="+12125550199")
        )
        session.add(an_intake(1, issue="No dial tone", **shared))
        session.add(an_intake(2, contact_name="Somebody Else", caller_number="+13125550177"))
        session.add(an_intake(501, **shared))
    page = operator.get(f"/intakes/{one_whole}").text
    section = page[page.index('id="earlier"') : page.index('id="asked"')]
    assert 'href="/intakes/R1"' in section
    assert "No dial tone" in section
    assert "R2" not in section
    assert "R501" not in section, "that came later"
    assert 'id="earlier"' not in operator.get("/intakes/R2").text


def test_a_number_is_kept_from_any_shape_with_its_extension(
    operator: FlaskClient, database: Database, one_whole: str
) -> None:
    assert (
        send(operator, f"/intakes/{one_whole}", contact_number="415\u2011555\u20142671 ext. 012").status_code
        == 303
    )
    with database.reading() as session:
        intake = session.scalars(select(Intake).where(Intake.reference == one_whole)).one()
        assert (intake.contact_number, intake.contact_extension) == ("+14155552671", "012")
    page = operator.get(f"/intakes/{one_whole}").text
    assert 'value="(415) 555-2671 ext. 012"' in page

    was = {"contact_number": "(415) 555-2671", "was_contact_number": "+14155552671;ext=012"}
    assert send(operator, f"/intakes/{one_whole}", **was).status_code == 303
    with database.reading() as session:
        intake = session.scalars(select(Intake).where(Intake.reference == one_whole)).one()
        assert (intake.contact_number, intake.contact_extension) == ("+14155552671", None)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("555-2671", "The area code is missing."),
        ("(411) 555-2671", "There is no area code 411."),
        ("+44 20", "Too short for a number in the country +44."),
    ],
)
def test_a_number_that_is_refused_says_why(
    operator: FlaskClient, one_whole: str, typed: str, why: str
) -> None:
    answer = send(operator, f"/intakes/{one_whole}", contact_number=typed)

    assert answer.status_code == 303
    assert why in unescape(operator.get(answer.location).text)


@pytest.mark.parametrize("role", ["operator", "owner"])
def test_the_page_is_a_dozen_statements(log_in: LogIn, role: str, one_whole: str, database: Database) -> None:
    looker = log_in(role)
    looker.get(f"/intakes/{one_whole}")  # a process reads the settings once
    asked: list[str] = []
    event.listen(database.engine, "after_cursor_execute", lambda _c, _cur, sql, *_: asked.append(sql))
    assert one_whole in looker.get(f"/intakes/{one_whole}").text
    assert len([sql for sql in asked if sql.startswith("SELECT")]) <= 12
