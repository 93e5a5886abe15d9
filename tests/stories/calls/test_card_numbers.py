"""Card numbers that people say, key and write all the same: they are told not to, and no row or file has one."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.company.staff.models import SessionKind, Staff
from ivr.platform.idempotency.models import WebhookReply
from ivr.platform.idempotency.requests import UNDERSTOOD
from ivr.web.card_numbers import CARD_REMOVED
from tests.support.console import token_in
from tests.support.openings import gets_in_line, talk
from tests.support.paths import ROOT
from tests.support.windows import let_in
from tests.support.world import LINE, Everybody, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CARD = "4111 1111 1111 1111"
SAID = "four one one one, one one one one, eleven eleven, eleven eleven"
#: What of them is left where one of them was not cut down.
LEFT = re.compile(rb"4111\W{0,2}1111|one one one one|eleven eleven")
WARNING = "For your safety, please don't say or enter card numbers"


def test_a_caller_who_says_it_is_warned_and_heard(world: World, people: Everybody) -> None:
    people.customer.dials(LINE)
    people.customer.hears("For an onsite visit, press 1").presses("1")
    people.customer.hears("may we call you back").presses("1")
    people.customer.hears("what is going wrong").says(f"the phones are dead, my card is {SAID}")
    people.customer.hears(WARNING).hears("Please hold for a technician")

    record = world.record()
    assert record["issue"] == "the phones are dead, my card is [card ending 1111]"
    assert [event["kind"] for event in record["events"]].count("card_removed") == 1
    assert left_in(world) == []


def test_keys_of_a_card_number_answer_nothing(world: World, people: Everybody) -> None:
    people.customer.dials(LINE).hears("For an onsite visit, press 1").presses("1").hears("call you back")
    with world.database.reading() as session:
        sid = session.scalars(select(CustomerCall.sid)).one()
    answer = world.app.test_client().post(
        "/voice/intake/other_number_heard",
        **world.signed("/voice/intake/other_number_heard", CallSid=sid, Digits="4111111111111111"),
    )
    assert WARNING in answer.text
    assert "area code" in answer.text
    with world.database.reading() as session:
        kept = session.scalars(select(WebhookReply.params).order_by(WebhookReply.id.desc())).first()
    assert kept
    assert kept["Digits"] == "[card ending 1111]"


def test_a_recorded_message_with_one_is_marked(world: World, people: Everybody) -> None:
    people.customer.dials(LINE)
    people.customer.hears("For an onsite visit, press 1").presses("1")
    people.customer.hears("may we call you back").presses("1")
    people.customer.hears("what is going wrong").waits(6).hears("in a few words, for example").waits(6)
    people.customer.hears("leave it as a message").says(f"it is {CARD}").presses("#")
    people.customer.hears("Please hold")
    world.advance(60)

    assert "card_removed" in [event["kind"] for event in world.record()["events"]]
    desk = logged_in(world)
    assert "a card number in this recording" in desk.get(f"/intakes/{world.record()['reference']}").text
    assert left_in(world) == []


def test_at_no_voice_address_does_one_come_in(world: World, people: Everybody) -> None:
    world.faults_expected = True  # half of these requests make no sense
    talk(people)
    with world.database.reading() as session:
        sid = session.scalars(select(CustomerCall.sid)).one()
    client = world.app.test_client()
    for rule in world.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.rule.startswith("/voice/"):
            form = dict.fromkeys(UNDERSTOOD, CARD) | {
                "CallSid": sid,
                "AccountSid": world.exchange.account_sid,
            }
            form |= {"TranscriptionStatus": "completed"}
            form |= {"SpeechResult": SAID, "TranscriptionText": SAID}
            client.post(rule.rule, **world.signed(rule.rule, **form))
    with world.database.reading() as session:
        assert len(session.scalars(select(WebhookReply.id)).all()) > 30
    assert left_in(world) == []


def test_in_no_form_of_a_page_does_one_come_in(world: World, people: Everybody) -> None:
    gets_in_line(people.customer).hangs_up()
    reference = world.record()["reference"]
    desk = logged_in(world)
    named = dict.fromkeys(every_field(), f"Card {CARD}")
    with world.database.reading() as session:
        callback = session.scalars(select(Callback.id)).one()
    token = token_in(desk.get("/callbacks").text)
    known = {
        "reference": reference,
        "task": "1",
        "key": "x",
        "language": "en",
        "token": "x" * 20,
        "page_id": "x",
    }
    posted = 0
    for rule in world.app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.rule.startswith(
            ("/voice/", "/logout", "/login", "/payments/")
        ):
            continue
        built = rule.build({name: known.get(name, callback) for name in rule.arguments})
        assert built, rule
        posted += 1
        is_customers = rule.rule.startswith(("/pay/", "/sandbox-till/"))
        client = world.app.test_client() if is_customers else desk
        client.post(built[1], data=named | {"csrf_token": token, "form_id": str(posted)})
    assert posted > 30

    kept = {"notes": f"Pays with {SAID}", "contact_name": f"Rosa {CARD}"}
    answer = desk.post(f"/intakes/{reference}", data=kept | {"csrf_token": token})
    assert answer.status_code == 303
    assert CARD_REMOVED in desk.get(f"/intakes/{reference}").text
    ended = {"reason": f"They gave {CARD}", "csrf_token": token}
    assert desk.post(f"/callbacks/{callback}/end", data=ended).status_code in {303, 409}
    record = world.record()
    assert record["notes"] == "Pays with [card ending 1111]"
    assert "card_removed" in [event["kind"] for event in record["events"]]
    assert left_in(world) == []


def test_a_live_page_shows_what_was_taken_out(world: World, people: Everybody) -> None:
    gets_in_line(people.customer).hangs_up()
    path = f"/intakes/{world.record()['reference']}"
    desk = logged_in(world)
    token = token_in(desk.get(path).text)
    answer = desk.post(
        path, data={"notes": CARD, "was_notes": "", "csrf_token": token}, headers={"X-Live": "1"}
    )
    assert answer.json
    assert answer.json["fields"]["notes"]["shown"] == "[card ending 1111]"
    assert answer.json["cards"] == {"notes": CARD_REMOVED}


def test_no_browser_keeps_one_in_an_address(world: World) -> None:
    answer = logged_in(world).get("/search", query_string={"q": CARD})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/search?q=%5Bcard+ending+1111%5D"


def every_field() -> set[str]:
    """The names of all that can be typed into a page of ours, and those that a form has besides."""
    pages = [file.read_text() for file in (ROOT / "ivr/web").rglob("*.html")]
    names = {name for page in pages for name in re.findall(r'\bname="([a-z_]+)"', page)}
    return (names | {"notes", "contact_name", "reason", "why", "words"}) - {"csrf_token", "form_id"}


def logged_in(world: World) -> FlaskClient:
    """The browser of the owner."""
    client = world.app.test_client()
    with world.database.reading() as session:
        ruth = session.scalars(select(Staff.id).where(Staff.name == "Ruth")).one()
    let_in(world.database, client, ruth)
    let_in(world.database, client, ruth, SessionKind.LINK)
    return client


def left_in(world: World) -> list[str]:
    """The files of the line that have something of a card number: its database and the letters that it sent."""
    database = Path(str(world.database.engine.url.database))
    files = [database, Path(f"{database}-wal"), *world.letters_folder.glob("*")]
    return [file.name for file in files if file.exists() and LEFT.search(file.read_bytes())]
