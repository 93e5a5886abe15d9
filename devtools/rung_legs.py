"""Every leg that the line creates, each brought about as it comes about: what is rung, and for whom."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import select

from devtools.held_line import LINE, HeldLine
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import ring_back
from ivr.callcenter.routing.models import Offer
from ivr.company.staff.models import Staff
from ivr.core.db import session
from twilio_simulator import Behaviour, Person

#: Who is at the other end of the walk: picks up and presses 1.
WILLING: Final = Person(hellos=0)
ISSUE: Final = "the phones at the front desk are dead"


@dataclass(frozen=True)
class Leg:
    """One kind of leg. ``begins`` has this telephone rung; ``rung`` are the rows of what was rung, the oldest first."""

    name: str
    whose: str
    begins: Callable[[HeldLine, Behaviour], Any]
    rung: Any
    language: Literal["en", "es"] = "en"

    @property
    def is_staffs(self) -> bool:
        return self.rung is _OPERATORS or self.rung is _TECHNICIANS


_CUSTOMERS: Final = select(CustomerCall).where(CustomerCall.direction == "callback").order_by(CustomerCall.id)
_TECHNICIANS: Final = select(Offer).where(Offer.role == "technician").order_by(Offer.id)
_OPERATORS: Final = select(Offer).where(Offer.role == "operator").order_by(Offer.id)


def a_caller_waits(line: HeldLine, technician: Behaviour) -> None:
    line.stand_in(technician, "Dana")
    _rings_up(line)


def an_operator_is_rung(line: HeldLine, operator: Behaviour) -> None:
    line.stand_in(operator, "Olive")
    dana = _talks(line)
    dana.presses("*").hears("Press 1 to transfer").presses("1")


def the_caller_was_cut_off(line: HeldLine, customer: Behaviour) -> None:
    line.stand_in(WILLING, "Dana")
    line.stand_in(customer, "Customer")
    with _matter(line) as intake:
        callbacks.promise(intake, CallbackReason.DROPPED)


def the_caller_asked_for_it(line: HeldLine, customer: Behaviour, language: str = "en") -> None:
    line.stand_in(WILLING, "Dana", "Tomas")
    line.stand_in(customer, "Customer")
    with _matter(line, language) as intake:
        callbacks.promise(intake, CallbackReason.LEFT_LINE)


def in_spanish(line: HeldLine, customer: Behaviour) -> None:
    the_caller_asked_for_it(line, customer, "es")


def the_price_was_promised(line: HeldLine, customer: Behaviour) -> None:
    line.stand_in(WILLING, "Olive")
    line.stand_in(customer, "Customer")
    with _matter(line) as intake:
        owed = callbacks.promise(intake, CallbackReason.ESTIMATE)
        olive = session.scalars(select(Staff).where(Staff.name.startswith("Olive"))).one()
        ring_back.ring_back(intake, olive, owed.id)


def the_technician_presses_1_for_it(line: HeldLine, customer: Behaviour) -> None:
    dana = _talks(line)
    line.stand_in(customer, "Customer")
    line.handset("Customer").hangs_up()
    dana.hears("caller hung up").presses("1")


def a_callback_is_offered(line: HeldLine, technician: Behaviour) -> None:
    line.stand_in(technician, "Dana")
    line.stand_in(WILLING, "Customer")
    with _matter(line) as intake:
        callbacks.promise(intake, CallbackReason.LEFT_LINE)


#: All but the owner's test ring, which says one sentence and joins nobody.
LEGS: Final = (
    Leg("technician, a caller waits", "Dana", a_caller_waits, _TECHNICIANS),
    Leg("technician, a callback is due", "Dana", a_callback_is_offered, _TECHNICIANS),
    Leg("operator, a transfer", "Olive", an_operator_is_rung, _OPERATORS),
    Leg("customer, was cut off", "Customer", the_caller_was_cut_off, _CUSTOMERS),
    Leg("customer, asked for it", "Customer", the_caller_asked_for_it, _CUSTOMERS),
    Leg("customer, waits for a price", "Customer", the_price_was_promised, _CUSTOMERS),
    Leg("customer, the technician pressed 1", "Customer", the_technician_presses_1_for_it, _CUSTOMERS),
)
IN_SPANISH: Final = Leg("customer, in Spanish", "Customer", in_spanish, _CUSTOMERS, "es")


def _rings_up(line: HeldLine) -> None:
    caller = line.handset("Customer")
    caller.dials(LINE).hears("For an onsite visit").presses("0").hears("Please hold")


def _talks(line: HeldLine) -> Any:
    """A caller and Dana, in conversation. Return her telephone."""
    _rings_up(line)
    dana = line.handset("Dana")
    dana.rings().answers().presses("1").hears("Press star")
    line.exchange.until(lambda: dana.is_talking_to(line.handset("Customer")), 30)
    return dana


@contextmanager
def _matter(line: HeldLine, language: str = "en") -> Iterator[Intake]:
    """A customer with a number and an issue, on no call."""
    with line.database.transaction():
        intake = new_intake(line.handset("Customer").phone.number)
        intake.issue, intake.kind, intake.language = ISSUE, "onsite", language
        intake.callback_number = intake.caller_number
        yield intake
    line.exchange.settle()
