"""What a customer's link shows of their matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from ivr.backoffice.estimates import letters
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings import by_customer
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import GOOD, EstimateState
from ivr.backoffice.follow_ups import reminders
from ivr.backoffice.payments import queries as payments_queries
from ivr.backoffice.payments.queries import Sums
from ivr.backoffice.payments.rules import CHARGE
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.core import clock
from ivr.web.customer.rules import masked


@dataclass(frozen=True)
class Mailed:
    """An estimate and its letter: when it was mailed, and to which address (masked). The letter has the link."""

    quote: Estimate
    at: datetime
    to: str


@dataclass(frozen=True)
class Money:
    """What was paid and what is open, in cents. ``lines`` are payments, refunds and disputes."""

    lines: Sequence[Row[Any]]
    #: The provider of each payment, by its ref.
    providers: dict[str, str]
    #: The sums of this estimate.
    sums: Sums
    #: Paid and not refunded, in the whole matter.
    kept: int
    #: The estimates that this money is for.
    charged: Sequence[Estimate]
    #: A bank was told to pay, and has not paid yet: this estimate, or one that it replaced.
    is_pending: bool
    #: Of the latter: their versions, and the cents.
    before: Sequence[Row[int, int]]


@dataclass(frozen=True)
class Matter:
    """One customer's matter, as one of their links shows it."""

    quote: Estimate
    intake: Intake
    standing: EstimateState
    booking: Booking | None
    #: The booking that was canceled, while no other is in its place.
    cancelled: Booking | None
    money: Money
    #: For an invalid link: the estimate that replaced this one.
    in_place: Mailed | None
    #: When the customer last asked for the link, and the address (masked) that it goes to.
    asked_at: datetime | None
    address: str
    #: Other estimates that can be paid.
    further: Sequence[Mailed]
    #: They were reminded of this estimate by a letter, and have not asked us to stop.
    is_reminded: bool
    #: The customer may move or cancel the visit by themselves, or cancel it at least.
    may_change_visit: bool

    @property
    def is_good(self) -> bool:
        return self.standing in GOOD

    @property
    def is_closed(self) -> bool:
        """A person has closed the matter."""
        return self.intake.stage == Stage.CLOSED

    @property
    def is_done(self) -> bool:
        """The visit took place."""
        return self.intake.stage == Stage.DONE

    @property
    def is_refunded(self) -> bool:
        """It was paid, and nothing of the money is left with us."""
        return self.standing == EstimateState.PAID and bool(self.money.lines) and self.money.kept <= 0

    @property
    def was_visited(self) -> bool:
        """The window of the visit has passed."""
        return self.booking is not None and self.booking.ends_at < clock.now()


def matter(quote: Estimate) -> Matter:
    """Return all that this estimate's page may show; less for an invalid link."""
    intake = intakes.get(quote.intake_id)
    standing = estimates_queries.state_today(quote)
    is_good = standing in GOOD
    in_place = None if is_good else in_place_of(quote)
    asked = letters.link_letters(intake.id)
    booking = bookings.latest_booking(intake.id) if is_good else None
    is_cancelled = booking is not None and booking.is_cancelled
    return Matter(
        quote=quote,
        intake=intake,
        standing=standing,
        booking=None if is_cancelled else booking,
        cancelled=booking if is_cancelled else None,
        money=_money(quote, is_good=is_good),
        in_place=_mailed(in_place) if in_place else None,
        asked_at=asked[0].created_at if asked else None,
        address=masked(intake.contact_email) if intake.contact_email else "",
        further=[_mailed(one) for one in _further(quote)] if is_good else [],
        is_reminded=standing == EstimateState.SENT and reminders.is_reminded(quote.id),
        may_change_visit=booking is not None and not is_cancelled and _may_change(booking, intake),
    )


def _may_change(booking: Booking, intake: Intake) -> bool:
    try:
        by_customer.check_change(booking, intake.stage)
    except by_customer.CallUsError:
        return False
    return True


def in_place_of(quote: Estimate) -> Estimate | None:
    """Return the estimate that replaced this one for the customer, or None."""
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
        is_pending=payments_queries.is_on_its_way(quote),
        before=payments_queries.on_its_way_before(quote),
    )


def _further(quote: Estimate) -> list[Estimate]:
    return [
        one
        for one in estimates_queries.versions(quote.intake_id)
        if one.id != quote.id
        and estimates_queries.state_today(one) == EstimateState.SENT
        and payments_queries.missing(one)
        and not payments_queries.is_on_its_way(one)
    ]


def _mailed(quote: Estimate) -> Mailed:
    letter = letters.letters_by_estimate([quote]).get(quote.id)
    at = letter.created_at if letter else quote.sent_at or quote.created_at
    return Mailed(quote, at, masked(letter.to) if letter and letter.to else "")
