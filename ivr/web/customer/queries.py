"""What a customer's link shows of their matter. Everything here runs in the open transaction of ``ivr.core.db``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.backoffice.estimates import letters
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import GOOD, SENT
from ivr.backoffice.payments import queries as payments_queries
from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.payments.queries import Sums
from ivr.backoffice.payments.rules import CHARGE
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.core import clock
from ivr.web.customer.rules import masked


@dataclass(frozen=True)
class Mailed:
    """An estimate, and where its link is: in the letter of that moment, to that address (masked)."""

    quote: Estimate
    at: datetime
    to: str


@dataclass(frozen=True)
class Money:
    """What was paid and what is open. ``lines`` are payments and whatever was taken back; all sums in cents."""

    lines: Sequence[LedgerEntry]
    #: The provider of each payment, by its ref.
    providers: dict[str, str]
    #: Of this estimate.
    sums: Sums
    #: Paid and not given back, in the whole matter.
    kept: int
    #: The estimates that this money is for.
    charged: Sequence[Estimate]
    #: The bank has been told to pay, and takes its time.
    is_pending: bool


@dataclass(frozen=True)
class Matter:
    """One customer's matter, as one of their links shows it."""

    quote: Estimate
    intake: Intake
    standing: str
    booking: Booking | None
    money: Money
    #: Of a link that is good no longer: what has taken its place.
    in_place: Mailed | None
    #: When the customer last asked for the link, and to which address (masked) it goes.
    asked_at: datetime | None
    address: str
    #: Other estimates that are to be paid.
    further: Sequence[Mailed]

    @property
    def is_good(self) -> bool:
        return self.standing in GOOD

    @property
    def is_closed(self) -> bool:
        """A person has decided that nothing more comes of it."""
        return self.intake.stage == Stage.CLOSED

    @property
    def is_done(self) -> bool:
        """We have been there."""
        return self.intake.stage == Stage.DONE

    @property
    def was_visited(self) -> bool:
        """The window of the visit has passed."""
        return self.booking is not None and self.booking.ends_at < clock.now()


def matter(quote: Estimate) -> Matter:
    """All that the page of this estimate may show. A link that is good no longer shows less of it."""
    intake = intakes.get(quote.intake_id)
    standing = estimates_queries.state_today(quote)
    is_good = standing in GOOD
    in_place = None if is_good else in_place_of(quote)
    asked = letters.link_letters(intake.id)
    return Matter(
        quote=quote,
        intake=intake,
        standing=standing,
        booking=bookings.find_booking(intake.id) if is_good else None,
        money=_money(quote, is_good=is_good),
        in_place=_mailed(in_place) if in_place else None,
        asked_at=asked[0].created_at if asked else None,
        address=masked(intake.contact_email) if intake.contact_email else "",
        further=[_mailed(one) for one in _further(quote)] if is_good else [],
    )


def in_place_of(quote: Estimate) -> Estimate | None:
    """What the customer goes by in place of this estimate."""
    found = estimates_queries.in_force(quote.intake_id, quote.kind)
    if found is None or found.id == quote.id or estimates_queries.state_today(found) not in GOOD:
        return None
    return found


def _money(quote: Estimate, *, is_good: bool) -> Money:
    account = payments_queries.account(quote.intake_id)
    lines = [one for one in account.entries if one.kind != CHARGE and (is_good or one.quote_id == quote.id)]
    return Money(
        lines=lines,
        providers=payments_queries.providers([one.ref for one in lines]),
        sums=payments_queries.sums(quote),
        kept=sum(one.cents for one in lines),
        charged=[estimates_queries.get(one.quote_id) for one in account.entries if one.kind == CHARGE],
        is_pending=payments_queries.state(quote.id) == "pending",
    )


def _further(quote: Estimate) -> list[Estimate]:
    return [
        one
        for one in estimates_queries.versions(quote.intake_id)
        if one.id != quote.id and estimates_queries.state_today(one) == SENT and payments_queries.missing(one)
    ]


def _mailed(quote: Estimate) -> Mailed:
    letter = letters.letters_by_estimate([quote]).get(quote.id)
    at = letter.created_at if letter else quote.sent_at or quote.created_at
    return Mailed(quote, at, masked(letter.to) if letter and letter.to else "")
