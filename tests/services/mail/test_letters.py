"""A letter is written with the change that wanted it, sent once, in the reader's language, and its fate is told."""

import re
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from jinja2 import TemplateNotFound, UndefinedError
from sqlalchemy import select, update
from structlog.testing import capture_logs

from ivr.company.mail import service as mail
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.platform.jobs import enqueue
from ivr.platform.providers.smtp import SmtpMailer
from ivr.platform.timeline.models import CallEvent
from tests.support.kept import mail_goes_by
from tests.support.openings import gets_in_line
from tests.support.postbox import Opens, Postbox
from tests.support.world import Everybody, World


@pytest.fixture
def postbox(world: World, opens: Opens) -> Postbox:
    """The story's letters go to a real server."""
    assert world.letters() == []
    postbox = opens()
    mail_goes_by(SmtpMailer(postbox.server(), "line@example.com"))
    return postbox


def writes(world: World, **other: Any) -> bool:
    wanted = {
        "to": "ana@example.com",
        "language": "en",
        "key": "receipt:1",
        "cents": 35000,
        "reference": "K7M3QX",
    }
    with world.database.transaction():
        written = mail.post("receipt", **{**wanted, **other})
    world.exchange.settle()
    return written


def row(world: World) -> Mail:
    with world.database.reading() as session:
        return session.scalars(select(Mail)).one()


def told(world: World) -> list[tuple[str, dict[str, Any]]]:
    with world.database.reading() as session:
        events = session.scalars(
            select(CallEvent).where(CallEvent.kind.startswith("mail")).order_by(CallEvent.id)
        )
        return [(event.kind, event.data) for event in events]


def test_a_letter_is_sent_in_english_and_in_spanish(world: World) -> None:
    writes(world)
    writes(world, key="receipt:2", language="es", cents=123450)

    english, spanish = world.letters()
    assert english.subject == "Receipt: $350 paid, estimate K7M3QX"
    assert "Thank you. We received your payment of $350." in english.text
    assert "(877) 943-7675" in english.text
    assert (spanish.subject, spanish.language) == ("Recibo: $1,234.50 pagados, presupuesto K7M3QX", "es")
    assert "Gracias." in spanish.text
    assert "Thank you" not in spanish.text
    assert row_states(world) == ["sent", "sent"]


def row_states(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(session.scalars(select(Mail.state).order_by(Mail.id)))


def test_the_same_letter_is_written_once_and_sent_once(world: World, postbox: Postbox) -> None:
    assert writes(world)
    assert not writes(world)
    with world.database.transaction():
        enqueue("mail.send", mail_id=1)
    world.exchange.settle()

    assert len(postbox.letters) == 1
    assert row(world).sent_at == world.clock.now()


def test_what_is_taken_back_is_not_sent(world: World, postbox: Postbox) -> None:
    def breaks_off() -> None:
        with world.database.transaction():
            mail.post("receipt", to="a@example.com", language="en", key="x", cents=100, reference="K")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks_off()
    world.advance(60)

    assert postbox.letters == []
    assert row_states(world) == []


def test_a_server_that_says_later_is_asked_again_with_the_same_letter(
    world: World, people: Everybody, postbox: Postbox
) -> None:
    gets_in_line(people.customer)
    world.off_shift("dana", "tomas")  # else the letters are about missed calls, too
    postbox.to_data += ["451 greylisted", "421 busy"]

    writes(world, intake_id=1)
    assert row(world).state == "queued"
    world.advance(35)
    assert row(world).state == "queued"
    world.advance(65)

    (letter,) = postbox.letters
    assert re.fullmatch(r"<letter\.1\.[0-9a-f]{20}@localhost>", letter["Message-ID"])
    assert row(world).state == "sent"
    assert [kind for kind, _ in told(world)] == ["mail_queued", "mail_sent"]


def test_a_letter_refused_for_good_is_not_tried_again_and_nothing_of_it_is_logged(
    world: World, people: Everybody, postbox: Postbox
) -> None:
    gets_in_line(people.customer)
    postbox.to_recipient += ["550 no ana@example.com\there"]

    with capture_logs() as logs:
        writes(world, intake_id=1)
        world.advance(40)

    assert postbox.letters == []
    assert (row(world).state, row(world).why) == ("bounced", "550 no ana@example.com here")
    assert told(world)[-1] == (
        "mail_bounced",
        {"subject": row(world).subject, "to": "ana@example.com", "why": "550 no ana@example.com here"},
    )
    assert {"event": "mail_bounced", "mail": 1, "log_level": "warning"} in logs
    assert "ana" not in str(logs)


def test_a_server_that_never_takes_it_is_given_up_after_an_hour(world: World, postbox: Postbox) -> None:
    world.faults_expected = True
    postbox.to_data += ["451 later"] * 100

    writes(world)
    world.advance(3600)
    assert row(world).state == "queued"
    world.advance(600)

    assert (row(world).state, row(world).why) == ("failed", "451 later")
    assert len(postbox.to_data) == 92


@pytest.mark.parametrize("goes_by_smtp", [True, False])
def test_what_an_earlier_release_took_for_an_address_bounces_and_waits_for_nobody(
    world: World, people: Everybody, opens: Opens, *, goes_by_smtp: bool
) -> None:
    gets_in_line(people.customer)
    if goes_by_smtp:
        mail_goes_by(SmtpMailer(opens().server(), "line@example.com"))
    with world.database.transaction() as session:
        mail.post(
            "receipt", to="nando@example.com", language="en", key="r", intake_id=1, cents=1, reference="K"
        )
        session.execute(update(Mail).values(to="nando.@example.com"))
    world.exchange.settle()

    assert (row(world).state, row(world).why) == ("bounced", "the email cannot be encoded")
    assert told(world)[-1][0] == "mail_bounced"


def test_a_letter_that_can_no_longer_be_written_is_given_up(world: World, postbox: Postbox) -> None:
    world.faults_expected = True
    with world.database.transaction() as session:
        mail.post("receipt", to="ana@example.com", language="en", key="r", cents=1, reference="K")
        session.execute(update(Mail).values(kind="of_another_release"))
    world.advance(600)

    assert (row(world).state, row(world).why) == ("failed", "a fault of this service, which is in its log")
    assert postbox.letters == []


def test_a_letter_whose_job_is_lost_is_given_up_after_a_day(world: World, postbox: Postbox) -> None:
    world.faults_expected = True
    with world.database.transaction() as session:
        gone = {"kind": "receipt", "to": "ana@example.com", "language": "en", "subject": "S", "values": {}}
        session.add(Mail(key="r", created_at=world.clock.now(), **gone))
        enqueue("mail.look_after", run_at=world.clock.now() + timedelta(hours=23))
        enqueue("mail.look_after", run_at=world.clock.now() + timedelta(hours=25))

    world.advance(23.5 * 3600)
    assert row(world).state == "queued"
    world.advance(2 * 3600)
    assert (row(world).state, row(world).why) == ("failed", "nothing has sent it for a day")
    assert postbox.letters == []


def test_an_answer_goes_where_the_owner_says(world: World, postbox: Postbox) -> None:
    writes(world)
    for number, (name, address) in enumerate(
        [("operations_email", "office@example.com"), ("reply_to", "help@müller.example")]
    ):
        with world.database.transaction():
            policy.change(name, address, policy.Command("tests"))
        writes(world, key=f"receipt:{number + 2}")

    assert [letter["Reply-To"] for letter in postbox.letters] == [
        None,
        "Onsite Support <office@example.com>",
        "Onsite Support <help@xn--mller-kva.example>",
    ]


def test_what_customers_say_cannot_become_a_header_or_markup(world: World, postbox: Postbox) -> None:
    writes(world, reference="K\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script>")

    (letter,) = postbox.letters
    page = letter.get_body(("html",))
    assert page
    assert letter["Bcc"] is None
    assert "K Bcc: all@example.com <script>" in letter["Subject"]
    assert "&lt;script&gt;" in page.get_content()
    assert "<script>" not in page.get_content()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@example.com\nBcc: all@example.com",
        "a@example.com,b@example.com",
        "a@b@c.com",
        "ana.@example.com",
        "ána@example.com",
    ],
)
def test_what_is_no_address_is_refused_at_once(world: World, address: str) -> None:
    with pytest.raises(mail.BadAddressError):
        writes(world, to=address)


def test_a_letter_that_cannot_be_written_fails_with_whoever_wants_it(world: World) -> None:
    with pytest.raises(TemplateNotFound), world.database.transaction():
        mail.post("nothing", to="a@example.com", language="en", key="x")
    with pytest.raises(UndefinedError), world.database.transaction():
        mail.post("receipt", to="a@example.com", language="en", key="x")


def test_the_first_opening_of_a_link_is_told(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    writes(world, intake_id=1)
    opened_at = world.clock.now()

    for _ in range(2):
        with world.database.transaction():
            mail.opened("receipt:1")
        world.advance(5)

    assert row(world).opened_at == opened_at
    assert [kind for kind, _ in told(world)] == ["mail_queued", "mail_sent", "mail_opened"]


def test_a_calendar_file_goes_with_it(world: World) -> None:
    writes(world, calendar="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")

    assert world.letters()[0].files == ("onsite-support.ics",)
    (file,) = world.letters_folder.glob("*.eml")
    parts = message_from_bytes(file.read_bytes()).walk()
    (calendar,) = (part for part in parts if part.get_content_type() == "text/calendar")
    # A mail program that reads no method here takes it for a file, and moves nothing in the calendar.
    assert calendar.get_param("method") == "REQUEST"
