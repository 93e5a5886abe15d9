"""What an operator does in the console about the first intake, and what its customer pays: in a call or after it."""

from ivr.backoffice import cancellation, closing
from ivr.backoffice.estimates import promises
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.payments.rules import PAYMENT
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.web.console.common import time_format
from tests.support.estimates import LINKS, Somebody
from tests.support.openings import hand_over
from tests.support.world import Everybody, World, pacific

SIX = {
    "contact_name": "Rosa Diaz",
    "contact_number": "+14155552671",
    "contact_email": "rosa@example.com",
    "site_address": "1 Main St, Oakland",
    "system_number": "+15105550199",
    "detailed_issue": "All handsets are dead.",
}
NINE_ON_TUESDAY = Window(pacific("2026-11-24 09:00:00"), pacific("2026-11-24 11:00:00"))


class Desk:
    """What an operator does in the console, on the only intake."""

    def __init__(self, world: World) -> None:
        self.world = world
        with world.database.transaction():
            policy.change("hourly_rate_cents", "150", policy.Command("tests"))
            for name, value in SIX.items():
                setattr(self._intake(), name, value)

    def sends_the_estimate(self) -> None:
        with self.world.database.transaction():
            newest = estimates_queries.latest(self._intake().id, EstimateKind.VISIT)
            quote = estimates.prepare(
                self._intake(),
                EstimateDraft(extra_hours=2),
                seen=newest.version if newest else 0,
                by=self._olive(),
            )
            estimates.send(quote.id, links=LINKS, by=self._olive())

    def is_paid(self) -> None:
        """The provider has told so: the customer has paid by the link."""
        with self.world.database.transaction() as session:
            quote = self._sent()
            estimates.paid(quote.id)
            paid = {"kind": PAYMENT, "cents": quote.total_cents, "ref": f"payment-{quote.id}"}
            session.add(LedgerEntry(intake_id=quote.intake_id, quote_id=quote.id, at=clock.now(), **paid))

    def promises_the_price(self, wall_clock: str = "2026-11-23 15:00:00") -> None:
        with self.world.database.transaction():
            promises.promise(self._intake(), pacific(wall_clock), by=self._olive(), shown=time_format.moment)

    def asks_for_more_time(self) -> None:
        with self.world.database.transaction():
            newest = estimates_queries.latest(self._intake().id, EstimateKind.MORE_TIME)
            wanted = EstimateDraft(kind=EstimateKind.MORE_TIME, extra_hours=1, agreed_by="Rosa Diaz")
            quote = estimates.prepare(
                self._intake(), wanted, seen=newest.version if newest else 0, by=self._olive()
            )
            estimates.send(quote.id, links=LINKS, by=self._olive())

    def withdraws_the_estimate(self) -> None:
        with self.world.database.transaction():
            estimates.withdraw(self._sent().id, by=self._olive())

    def notes_that_the_visit_is_done(self) -> None:
        with self.world.database.transaction():
            closing.visit_done(self._intake().id, by=self._olive(), written=time_format.moment)

    def books(self) -> None:
        with self.world.database.transaction():
            bookings.book(self._intake().id, NINE_ON_TUESDAY, by=Somebody(self._olive().id))

    def is_on_site(self, name: str, wall_clock: str) -> None:
        """The technician of the visit has arrived."""
        with self.world.database.transaction():
            visit = bookings.latest_booking(self._intake().id)
            if visit is None:
                raise LookupError("no visit is booked")
            visit.technician_id, visit.arrived_at = roster.by_name_or_phone(name).id, pacific(wall_clock)
        self.world.does_routinely("paid_time.look")

    def notes_that_the_technician_is_done(self) -> None:
        with self.world.database.transaction():
            visit = bookings.latest_booking(self._intake().id)
            if visit is None:
                raise LookupError("no visit is booked")
            visit.done_at = clock.now()

    def arrival_is_undone(self) -> None:
        with self.world.database.transaction():
            visit = bookings.latest_booking(self._intake().id)
            if visit is None:
                raise LookupError("no visit is booked")
            visit.on_the_way_at = visit.arrived_at = None

    def more_time_is_paid(self) -> None:
        with self.world.database.transaction():
            quote = estimates_queries.in_force(self._intake().id, EstimateKind.MORE_TIME)
            if quote is None:
                raise LookupError("no estimate for more time was sent")
            estimates.paid(quote.id)

    def cancels_the_visit(self) -> None:
        with self.world.database.transaction():
            cancellation.cancel(self._intake().id, "ours", "", by=self._olive())

    def closes(self, why: str = "They need nothing more") -> None:
        with self.world.database.transaction():
            closing.close(self._intake().id, why, by=self._olive())

    def reopens(self) -> None:
        with self.world.database.transaction():
            closing.reopen(self._intake().id, by=self._olive())

    def _sent(self) -> Estimate:
        """The visit's estimate. Raises LookupError when none was sent."""
        quote = estimates_queries.in_force(self._intake().id, EstimateKind.VISIT)
        if quote is None:
            raise LookupError("no estimate was sent")
        return quote

    def _intake(self) -> Intake:
        return intakes.get(1)

    def _olive(self) -> Staff:
        return roster.by_name_or_phone("olive")


def dana_is_on_site(world: World, people: Everybody) -> Desk:
    """A visit of three paid hours; Dana is on site since nine on Tuesday."""
    hand_over(people)
    people.customer.hangs_up()
    people.olive.hangs_up()
    desk = Desk(world)
    desk.sends_the_estimate()
    desk.is_paid()
    desk.books()
    world.is_now("2026-11-24 09:00:00")
    desk.is_on_site("dana", "2026-11-24 09:00:00")
    return desk
