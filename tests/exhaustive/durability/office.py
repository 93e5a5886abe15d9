"""What was sold before the run, and what becomes of it while people talk: paid time ends, money comes and goes back.

Customers pay at the webs that are killed, and press again when nothing comes back. What an operator does is done from
here; what follows from it is the workers' part, and they are killed as well.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import uuid4

import requests
from sqlalchemy import select

from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.customer_links import Links
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.backoffice.follow_ups.models import FollowUpWatch
from ivr.backoffice.payments import refunds
from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.payments.rules import PAYMENT
from ivr.backoffice.payments.sandbox import NAME as SANDBOX
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import CallState, Stage
from ivr.company.mail import service as mail
from ivr.company.mail.models import Mail, MailState
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.staff import changes, roster
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.config import DEVELOPMENT_SECRET
from ivr.core.db import Database, session

BY: Final = Command("the test")
#: The links open whatever their address: the webs know it, and this does not.
LINKS: Final = Links(DEVELOPMENT_SECRET, "")
#: Estimates mailed then are followed up while the run goes on: after four hours in which the line was open.
MAILED: Final = timedelta(days=2, hours=19)
BACK: Final = 25_00


@dataclass
class Buyer:
    """A customer with an estimate in their mailbox. ``form`` is the page on which they press."""

    intake_id: int
    path: str
    pays: bool
    refunded: bool
    form: str = field(default_factory=lambda: uuid4().hex)
    has_paid: bool = False
    is_refunded: bool = False


class Office:
    """``begin`` sells, ``step`` lets one thing happen. ``paid`` are the intakes whose customers were told so.

    ``seller`` and ``owner`` are telephone numbers.
    """

    def __init__(self, database: Database, seller: str, owner: str, chance: Random) -> None:
        self._database, self._chance = database, chance
        self._seller_number, self._owner_number = seller, owner
        self._buyers: list[Buyer] = []
        self._web = requests.Session()
        self._web.trust_env = False
        self._seller_has_left = False
        self.paid: set[int] = set()
        #: The intakes that are owed ``BACK``.
        self.refunded: set[int] = set()

    def begin(self, at: datetime, visits: dict[str, str], buyers: int) -> None:
        """``visits``: the customer's number, and the technician's who is on site. It is ``at`` when the run begins."""
        with clock.held_at(at - MAILED), self._database.transaction():
            policy.change("hourly_rate_cents", "150", BY)
            policy.change("more_time_calls_customer", "yes", BY)
            session.add(FollowUpWatch(id=1, since=clock.now(), looked_at=at))
            seller = self._seller()
            seller.is_available = False
            for one, (customer, technician) in enumerate(visits.items()):
                _visit(
                    customer, technician, seller, ends=at + timedelta(seconds=60 + 1500 * one / len(visits))
                )
        for one in range(buyers):
            self._buyers.append(self._mailed(at - MAILED + timedelta(seconds=900 * one / buyers), one))

    def step(self, web: str, share: float) -> None:
        """One thing, at a ``share`` of the run: somebody pays at ``web``, or has money back; a seller leaves."""
        due = self._buyers[: round(len(self._buyers) * min(1.0, share * 1.3))]
        unpaid = [one for one in due if one.pays and not one.has_paid]
        if unpaid and self._chance.random() < 0.2:
            self._pay(web, self._chance.choice(unpaid))
        for one in due:
            if one.refunded and one.has_paid and not one.is_refunded:
                self._refund(one)
                return
        if share > 0.5 and not self._seller_has_left:
            self._a_seller_leaves()
        elif share > 0.4 and self._chance.random() < 0.02:
            self._more_time_is_paid()

    def _seller(self) -> Staff:
        """The operator who sells all of it, and leaves before the run is over."""
        return roster.by_name_or_phone(self._seller_number)

    def _mailed(self, at: datetime, number: int) -> Buyer:
        with clock.held_at(at), self._database.transaction():
            seller = self._seller()
            intake = _intake(f"+1415555{4000 + number}")
            quote = estimates.prepare(intakes.get(intake), EstimateDraft(extra_hours=1), seen=0, by=seller)
            url = estimates.send(quote.id, links=LINKS, by=seller)
            waiting = select(Mail.id).where(Mail.state == MailState.QUEUED)
            for mail_id in session.scalars(waiting).all():
                mail.sent(mail_id)
        return Buyer(intake, url, pays=number % 3 < 2, refunded=number % 3 == 0)

    def _pay(self, web: str, buyer: Buyer) -> None:
        """A browser that gets no answer shows a fault, and its user presses once more."""
        with suppress(requests.RequestException):
            till = self._web.post(f"{web}{buyer.path}/checkout", allow_redirects=False, timeout=10)
            if till.status_code != requests.codes.see_other:
                buyer.has_paid = "paid" in till.text.lower() and till.ok
                return
            form = {"press": "pay", "form_id": buyer.form}
            told = self._web.post(till.headers["Location"], data=form, allow_redirects=False, timeout=10)
            buyer.has_paid = told.status_code == requests.codes.see_other
        if buyer.has_paid:
            self.paid.add(buyer.intake_id)

    def _refund(self, buyer: Buyer) -> None:
        with self._database.transaction():
            of_it = LedgerEntry.intake_id == buyer.intake_id, LedgerEntry.kind == PAYMENT
            entry = session.scalars(select(LedgerEntry.id).where(*of_it)).first()
            if entry is not None:
                by = roster.by_name_or_phone(self._owner_number)
                refunds.ask(buyer.intake_id, entry, BACK, "An hour less", provider=SANDBOX, by=by)
        if entry is not None:
            buyer.is_refunded = True
            self.refunded.add(buyer.intake_id)

    def _more_time_is_paid(self) -> None:
        """Every second customer who has agreed to more time pays for it."""
        with self._database.transaction():
            sent = Estimate.kind == EstimateKind.MORE_TIME, Estimate.state == EstimateState.SENT
            for quote in session.scalars(select(Estimate).where(*sent)).all():
                if quote.intake_id % 2:
                    estimates.paid(quote.id)

    def _a_seller_leaves(self) -> None:
        with self._database.transaction():
            changes.set_active(BY, self._seller(), on=False)
        self._seller_has_left = True


def _intake(number: str) -> int:
    """An intake with all that an estimate needs; its call is over."""
    intake = new_intake(number)
    intake.call_state, intake.kind = CallState.FINISHED, "onsite"
    intake.contact_name, intake.contact_number = "Rosa Diaz", number
    intake.contact_email, intake.site_address = f"{number[1:]}@example.com", "1 Main St, Oakland"
    intake.system_number, intake.detailed_issue = "+15105550199", "All handsets are dead."
    session.flush()
    return intake.id


def _visit(customer: str, technician: str, seller: Staff, *, ends: datetime) -> None:
    """A paid visit of one hour, on which the technician has been since an hour before it ends."""
    intake = intakes.get(_intake(customer))
    quote = estimates.prepare(intake, EstimateDraft(), seen=0, by=seller)
    quote.state, quote.paid_at = EstimateState.PAID, clock.now()
    intake.stage, arrived = Stage.BOOKED, ends - timedelta(hours=1)
    session.add(
        Booking(
            intake_id=intake.id,
            starts_at=arrived,
            ends_at=arrived + timedelta(hours=2),
            booked_by=seller.id,
            booked_at=clock.now(),
            technician_id=roster.by_name_or_phone(technician).id,
            arrived_at=arrived,
        )
    )
