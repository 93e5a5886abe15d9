"""Estimates and bookings, ready made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.backoffice.estimates.customer_links import Links
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.callcenter.intake import service as intakes
from ivr.company.mail.models import Mail
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.services import services
from tests.support.world import pacific

LINKS = Links("k" * 40, "https://line.test")
WANTED = EstimateDraft(extra_hours=2, surcharge_cents=50_00, surcharge_reason="Ladder work <high>")
TWO_HOURS = EstimateDraft(extra_hours=2)
MONDAY = Window(pacific("2026-11-30 09:00:00"), pacific("2026-11-30 11:00:00"))
SATURDAY = Window(pacific("2026-12-05 09:00:00"), pacific("2026-12-05 11:00:00"))
Book = Callable[..., None]


def send(database: Database, app: Flask, intake_id: int, by: Staff, want: EstimateDraft) -> tuple[int, str]:
    """The estimate's id, and the path of its link."""
    settings = services(app).config
    with database.transaction():
        newest = estimates_queries.latest(intake_id, want.kind)
        quote = estimates.prepare(intakes.get(intake_id), want, seen=newest.version if newest else 0, by=by)
        url = estimates.send(quote.id, links=Links(settings.secret_key, settings.public_url), by=by)
        return quote.id, url.removeprefix(settings.public_url)


def prepared(
    database: Database, intake_id: int, by: Staff, want: EstimateDraft = TWO_HOURS, seen: int = 0
) -> int:
    with database.transaction():
        return estimates.prepare(intakes.get(intake_id), want, seen=seen, by=by).id


def sent(
    database: Database, intake_id: int, by: Staff, want: EstimateDraft = TWO_HOURS, seen: int = 0
) -> tuple[int, str]:
    """The id, and the token of the link."""
    quote_id = prepared(database, intake_id, by, want, seen)
    with database.transaction():
        return quote_id, estimates.send(quote_id, links=LINKS, by=by).rpartition("/")[2]


@dataclass
class Somebody:
    """Whoever does it."""

    id: int
    name: str = "Olive"
    is_owner: bool = False


def event_in(letter: Mail) -> Any:
    """The event of the calendar file that goes with the letter."""
    return Calendar.from_ical(letter.calendar or "").walk("VEVENT")[0]


def letters(database: Database) -> list[Mail]:
    """That confirm a booking, oldest first."""
    with database.reading() as session:
        return list(session.scalars(select(Mail).where(Mail.kind == "booking_confirmed").order_by(Mail.id)))
