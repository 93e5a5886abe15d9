"""The letter that goes with an estimate: written with it, in the customer's language, once."""

import pytest
from sqlalchemy import select

from ivr.backoffice.estimates import letters
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.callcenter.intake import service as intakes
from ivr.company.mail import service as mail
from ivr.company.mail.models import Mail
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.platform.providers.mailer import Letter
from tests.support.estimates import sent

WANTED = EstimateDraft(extra_hours=2, surcharge_cents=50_00, surcharge_reason="Far away")


def newest(database: Database) -> Letter:
    """The letter as the worker would send it."""
    with database.reading() as session:
        id_ = session.scalars(select(Mail.id).order_by(Mail.id.desc())).first()
        assert id_ is not None
        found = mail.letter(id_, address="https://line.test", sender="office@example.com")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "Hi Maria,",
                "your estimate for the visit to 1 Main St, Oakland.",
                "Half the phones are dead.",
                "2 more hours at $150 each",
                "Location and scope of the work (Far away)",
                "Total: $700",
                "we ask you first",
                "Monday, December 7, 2026, 11:59 PM",
            ),
        ),
        (
            "es",
            (
                "Hola, Maria:",
                "para la visita a 1 Main St, Oakland.",
                "2 horas más a $150 cada una",
                "Ubicación y alcance del trabajo (Far away)",
                "Total: $700",
                "primero le preguntamos",
            ),
        ),
    ],
)
def test_the_link_comes_with_the_price_explained(
    database: Database, intake_id: int, olive: Staff, language: str, words: tuple[str, ...]
) -> None:
    with database.transaction():
        intakes.get(intake_id).language = language
    _, token = sent(database, intake_id, olive, WANTED)
    letter = newest(database)
    assert letter.to == "maria@example.com"
    assert "$700" in letter.subject
    for part in (letter.text, letter.html):
        assert f"https://line.test/pay/{token}" in part
        for word in words:
            assert word in part


def test_more_time_has_a_letter_of_its_own(database: Database, intake_id: int, olive: Staff) -> None:
    visit, _ = sent(database, intake_id, olive)
    with database.transaction():
        estimates.paid(visit)
    sent(
        database,
        intake_id,
        olive,
        EstimateDraft(EstimateKind.MORE_TIME, extra_hours=1, agreed_by="Elena <Ruiz>"),
    )
    letter = newest(database)
    assert "Elena <Ruiz> agreed to more time on site." in letter.text
    assert "Elena &lt;Ruiz&gt;" in letter.html
    assert "1 more hour at $150: $150" in letter.text


@pytest.mark.parametrize(("language", "agreed_by"), [("en", "Maria Lopez"), ("en", "maria"), ("es", "Lopez")])
def test_who_agreed_is_not_told_of_themselves_in_the_third_person(
    database: Database, intake_id: int, olive: Staff, language: str, agreed_by: str
) -> None:
    visit, _ = sent(database, intake_id, olive)
    with database.transaction():
        estimates.paid(visit)
        intakes.get(intake_id).language = language
    sent(
        database, intake_id, olive, EstimateDraft(EstimateKind.MORE_TIME, extra_hours=1, agreed_by=agreed_by)
    )
    letter = newest(database)
    assert {"en": "You agreed to", "es": "Usted aceptó"}[language] in letter.text
    assert f"{agreed_by} a" not in letter.text


def test_a_letter_of_the_release_before_can_still_be_sent(
    database: Database, intake_id: int, olive: Staff
) -> None:
    sent(database, intake_id, olive, WANTED)
    with database.transaction() as session:
        letter = session.scalars(select(Mail)).one()
        lately = {"name", "place", "estimate", "surcharge_reason"}
        letter.values = {name: value for name, value in letter.values.items() if name not in lately}
    assert "Here is your estimate for the visit." in newest(database).text


def test_an_address_that_is_none_sends_nothing(database: Database, intake_id: int, olive: Staff) -> None:
    with database.transaction():
        intakes.get(intake_id).contact_email = "maria at example"
    with pytest.raises(mail.BadAddressError):
        sent(database, intake_id, olive)
    with database.reading() as session:
        assert session.scalars(select(Mail)).all() == []
        (draft,) = estimates_queries.versions(intake_id)
        assert draft.state == "draft"


def test_a_letter_that_bounces_is_known_with_its_estimate(
    database: Database, intake_id: int, olive: Staff
) -> None:
    quote_id, _ = sent(database, intake_id, olive)
    with database.transaction() as session:
        mail.bounced(session.scalars(select(Mail.id)).one(), "550 no such user")
    with database.reading():
        letter = letters.letters_by_estimate(estimates_queries.versions(intake_id))[quote_id]
        assert (letter.state, letter.why) == ("bounced", "550 no such user")
