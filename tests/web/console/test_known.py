"""What is known already is taken over by one key, as somebody's act, and never by itself."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect
from sqlalchemy import select, update

from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.core import clock
from ivr.core.db import Database
from ivr.platform.timeline.models import CallEvent
from ivr.web.console.intake.rules import known
from ivr.web.console.intake.service import fill_in
from tests.support.browser import keeps_out, violations, without_browser
from tests.support.console import LogIn, send
from tests.support.console_pages import Visit
from tests.support.intake_rows import WHOLE, an_intake, kept

INTAKE = "/intakes/K7M3QX"
ROSA = {
    "contact_name": "Rosa Diaz",
    "contact_number": "+13125550177",
    "contact_email": "rosa@example.com",
    "site_address": "1 Main St\nOakland",
    "system_number": "+15105550199",
}


def matter(reference: str = "KX7G4Y", **more: Any) -> Any:
    names = ("caller_number", "callback_number", "issue", "transcript", "detailed_issue", *ROSA)
    return SimpleNamespace(**{**dict.fromkeys(names), "reference": reference, **more})


def offers(intake: Any, *earlier: Any) -> list[str]:
    return [one.words for some in known(intake, earlier).values() for one in some]


@pytest.mark.parametrize(
    ("intake", "words"),
    [
        ({}, []),
        ({"callback_number": "+14155552671", "caller_number": "+13125550177"}, ["Use (415) 555-2671"]),
        ({"caller_number": "+13125550177"}, ["Use (312) 555-0177"]),
        ({"caller_number": "+13125550177", "contact_number": "+14155552671"}, []),
        ({"issue": "No dial tone", "transcript": "no dial, Tony"}, ["Use the caller's words"]),
        ({"transcript": "no dial, Tony"}, ["Use the caller's words, as a machine heard them"]),
        ({"issue": "No dial tone", "detailed_issue": "Port 3 is dead"}, []),
    ],
)
def test_what_the_call_has_told(intake: dict[str, str], words: list[str]) -> None:
    assert offers(matter(**intake)) == words


def test_what_an_earlier_matter_knows_says_whose_it_was() -> None:
    assert offers(matter(), matter(**ROSA)) == [
        "Same as KX7G4Y: Rosa Diaz",
        "Same as KX7G4Y, Rosa Diaz: (312) 555-0177",
        "Same as KX7G4Y, Rosa Diaz: rosa@example.com",
        "Same as KX7G4Y, Rosa Diaz: 1 Main St Oakland",
        "Same as KX7G4Y, Rosa Diaz: (510) 555-0199",
    ]
    assert offers(matter(), matter(site_address="x" * 90)) == [
        f"Same as KX7G4Y: {'x' * 79}\N{HORIZONTAL ELLIPSIS}"
    ]


def test_two_people_of_one_office_are_not_mixed() -> None:
    newer, older = matter("NEWER1", contact_name="Ken Adams"), matter("OLDER1", **ROSA)
    assert offers(matter(), matter("EMPTY1"), newer, older) == ["Same as NEWER1: Ken Adams"]


def test_the_same_number_is_offered_once_and_another_beside_it() -> None:
    now = matter(callback_number="+13125550177")
    assert offers(now, matter(contact_number="+13125550177")) == ["Use (312) 555-0177"]
    assert offers(now, matter(contact_number="+14155552671")) == [
        "Use (312) 555-0177",
        "Same as KX7G4Y: (415) 555-2671",
    ]


@pytest.fixture
def back_again(database: Database, one_whole: str) -> str:
    """Somebody rings from Rosa's number again; nothing is typed yet."""
    with database.transaction() as session:
        session.add(an_intake(1, caller_number="+15105550100", **ROSA))
        session.execute(
            update(Intake).where(Intake.reference == one_whole).values(contact_name=None, contact_number=None)
        )
    return one_whole


def test_without_a_script_a_button_takes_it_over_as_the_operators_act(
    operator: FlaskClient, database: Database, back_again: str
) -> None:
    page = operator.get(INTAKE).text
    assert 'name="use" value="contact_number:call"' in page
    assert "Half the phones went dead &lt;b&gt;this morning&lt;/b&gt;" in page.split("data-typed=", 1)[1]
    assert kept(database, "contact_number") is None, "a look fills in nothing"
    assert (
        send(operator, INTAKE, use="detailed_issue:call", detailed_issue="", site_address="9 Elm").status_code
        == 303
    )
    assert kept(database, "detailed_issue") == kept(database, "issue")
    assert kept(database, "site_address") == "9 Elm", "what was typed beside it is kept as well"
    send(operator, INTAKE, use="contact_email:R1", contact_email="", was_contact_email="")
    assert kept(database, "contact_email") == "rosa@example.com"
    assert "Omar Haddad filled in: email." in operator.get(INTAKE).text
    assert 'value="contact_email:R1"' not in operator.get(INTAKE).text, (
        "it has gone once something stands there"
    )


@pytest.mark.parametrize(
    "use", ["contact_email:R2", "contact_email:call", "contact_email:K7M3QX", "notes:R1", "x"]
)
def test_only_what_is_offered_is_taken_over(
    operator: FlaskClient, database: Database, back_again: str, use: str
) -> None:
    with database.transaction() as session:
        session.add(an_intake(2, contact_email="ken@example.com", caller_number="+12125550123"))
    send(operator, INTAKE, use=use, contact_email="", notes="")
    assert (kept(database, "contact_email"), kept(database, "notes")) == (None, None)


def test_whoever_was_faster_is_not_overwritten(
    operator: FlaskClient, database: Database, back_again: str
) -> None:
    with database.transaction():
        fill_in(back_again, {"contact_name": "Rosalia"}, by="Olivia Stone")
        fill_in(back_again, {"contact_email": "rosalia@example.com"}, by="Olivia Stone")
    sent = send(
        operator, INTAKE, contact_name="Rose", was_contact_name="", use="site_address:R1", site_address=""
    )
    assert sent.status_code == 303
    answer = operator.get(INTAKE)
    assert "Olivia Stone has changed this" in answer.text
    assert ">\n1 Main St\nOakland</textarea>" in answer.text, (
        "what was taken over stands there, not saved yet"
    )
    assert kept(database, "site_address") is None


def test_a_reader_of_the_record_is_offered_nothing(log_in: LogIn, back_again: str) -> None:
    page = log_in("technician").get(INTAKE).text
    assert 'name="use"' not in page
    assert back_again in page


@pytest.mark.usefixtures("offered")
def test_a_technician_is_offered_what_the_call_told_and_matters_of_their_own(
    tara: FlaskClient, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(update(Intake).where(Intake.id < 4).values(caller_number="+15105550100"))
        session.add(an_intake(4, caller_number="+15105550100", state="with_technician"))
        session.execute(update(Intake).where(Intake.id == 3).values(contact_name="Omar's Customer"))
        session.execute(update(Intake).where(Intake.id == 1).values(contact_name="Rosa Diaz"))
        session.flush()
        now = clock.now()
        session.add(
            Offer(
                intake_id=4,
                staff_id=1,
                role="technician",
                state="accepted",
                language="en",
                made_at=now,
                accepted_at=now,
            )
        )
    page = tara.get("/t/R4").text
    assert "Use (510) 555-0100" in page
    assert "Same as R1: Rosa Diaz" in page
    assert "Omar&#39;s Customer" not in page
    send(tara, "/t/R4", use="contact_name:R3", contact_name="")
    assert tara.get("/t/R4/fields").get_json()["fields"]["contact_name"]["was"] == ""
    send(tara, "/t/R4", use="contact_name:R1", contact_name="")
    assert tara.get("/t/R4/fields").get_json()["fields"]["contact_name"]["was"] == "Rosa Diaz"


@without_browser
def test_one_key_each(visit: Visit, database: Database, back_again: str) -> None:
    page = visit(f"/intakes/{back_again}", bypass_csp=True)
    expect(page.locator("#trouble")).to_be_attached()  # its script has begun
    assert keeps_out(page) == []
    page.keyboard.press("1")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Rosa Diaz")
    page.keyboard.press("2")
    expect(page.get_by_label("Contact number")).to_have_value("(510) 555-0100")
    expect(page.get_by_role("button", name="Same as R1, Rosa Diaz: (312) 555-0177")).to_be_hidden()
    expect(page.get_by_text(re.compile("^Saved "))).to_be_visible()
    page.get_by_role("button", name="Use the caller's words").click()
    page.keyboard.press("4")
    expect(page.get_by_label("Email")).to_have_value("rosa@example.com")
    for name in ("contact_name", "contact_number", "contact_email"):
        expect(page.locator(f"#{name}-mark")).to_have_text("filled")
    expect(page.get_by_label("Issue details")).to_have_value(re.compile("^Half the phones went dead <b>"))
    expect(page.locator("#detailed_issue-mark")).to_have_text("filled")
    page.get_by_label("Site address").focus()
    page.keyboard.type("5")
    expect(page.get_by_label("Site address")).to_have_value("5")
    page.get_by_label("Site address").fill("")
    expect(page.get_by_role("button", name="Same as R1, Rosa Diaz: 1 Main St Oakland")).to_be_visible()
    assert (kept(database, "contact_name"), kept(database, "contact_number")) == ("Rosa Diaz", "+15105550100")
    with database.reading() as session:
        told = session.scalars(select(CallEvent.data).where(CallEvent.kind == "fields_filled")).all()
    acts = [{"staff": "Omar Haddad", "fields": [name]} for name in ("contact_name", "contact_number")]
    assert [one for one in acts if one not in told] == [], "each is somebody's act"


@without_browser
def test_what_the_caller_says_meanwhile_is_offered_at_once(visit: Visit, database: Database) -> None:
    with database.transaction() as session:
        session.add(an_intake(WHOLE))
    page = visit(f"/intakes/R{WHOLE}", bypass_csp=True)
    expect(page.locator("#trouble")).to_be_attached()  # its script has begun
    expect(page.locator(".known button")).to_have_count(0)
    with database.transaction() as session:
        session.execute(update(Intake).values(issue="<i>No dial tone</i>", callback_number="+14155552671"))
        session.add(
            CallEvent(intake_id=WHOLE, at=clock.now(), kind="issue_heard", key="heard", data={"words": ""})
        )
    number = page.get_by_role("button", name="Use (415) 555-2671 for Contact number")
    expect(number).to_be_visible()
    expect(page.get_by_role("button", name="Use the caller's words for Issue details")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press(number.get_attribute("data-key") or "")
    expect(page.get_by_label("Contact number")).to_have_value("(415) 555-2671")
    page.get_by_role("button", name="Use the caller's words").click()
    expect(page.locator("#detailed_issue-mark")).to_have_text("filled")
    expect(page.locator(".tally")).to_have_text(
        re.compile("^2 of 6 filled. Missing: name, email, site address")
    )
    assert kept(database, "detailed_issue") == "<i>No dial tone</i>"
    assert kept(database, "contact_number") == "+14155552671"


@without_browser
def test_a_whole_press_without_any_script(visit: Visit, database: Database, back_again: str) -> None:
    page = visit(f"/intakes/{back_again}", java_script_enabled=False)
    page.get_by_role("button", name="Same as R1: Rosa Diaz").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Rosa Diaz")
    assert kept(database, "contact_name") == "Rosa Diaz"
