"""The letter about a visit that has moved; on both databases."""

from datetime import timedelta

import pytest

from ivr.backoffice.estimates.bookings.rules import Window
from ivr.callcenter.intake import service as intakes
from ivr.company.mail.rendering import render
from ivr.company.policy.rules import Policy
from ivr.core.db import Database
from tests.support.estimates import MONDAY, Book, letters

pytestmark = pytest.mark.usefixtures("estimate_id")

#: The subject of the letter about a visit that has moved, and the window it had.
MOVED = {
    "en": (
        "Your onsite visit has moved: Tuesday, December 1, 2026, 9:00 AM Pacific, reference ",
        "Before: Monday, November 30, 2026, 9:00 AM to 11:00 AM, Pacific time",
    ),
    "es": (
        "Su visita en sitio cambió de fecha u hora: martes, 1 de diciembre de 2026, 9:00 a.m. hora del Pacífico, ",
        "Antes: lunes, 30 de noviembre de 2026, de 9:00 a.m. a 11:00 a.m., hora del Pacífico",
    ),
}


@pytest.mark.parametrize("language", MOVED)
def test_a_moved_visit_is_told_with_the_window_it_had(
    database: Database, intake_id: int, book: Book, language: str
) -> None:
    subject, was = MOVED[language]
    with database.transaction():
        intakes.get(intake_id).language = language
    book(intake_id, MONDAY)
    book(intake_id, Window(*(at + timedelta(days=1) for at in MONDAY)))

    first, second = letters(database)
    assert second.subject.startswith(subject)
    with database.reading():
        company = {"company": Policy(company_name="Acme"), "address": "https://line.example"}
        moved = render("booking_confirmed", language, second.values | company)
        assert was in moved.text
        assert was.partition(": ")[2] in moved.html
        # As the release before has written it.
        lately = {"was_starts_at", "was_ends_at", "page", "issue"}
        values = {name: value for name, value in first.values.items() if name not in lately}
        earlier = render("booking_confirmed", language, values | company)
    assert "Half the phones are dead." in moved.text
    assert first.values["page"].startswith("https://line.test/pay/")
    assert first.values["page"] in moved.html
    assert earlier.subject == first.subject
    assert was not in earlier.text
