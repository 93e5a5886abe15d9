"""How most stories begin."""

from tests.support.world import LINE, Everybody
from twilio_simulator import Handset


def gets_in_line(customer: Handset, *, words: str = "the phones at the front desk are dead") -> Handset:
    """An onsite caller who confirms the number they ring from and says what is wrong."""
    customer.dials(LINE)
    customer.hears("For an onsite visit, press 1").presses("1")
    customer.hears("may we call you back at 4 1 5, 5 5 5, 2 6 7 1").presses("1")
    customer.hears("what is going wrong").says(words)
    return customer.hears("Please hold for a technician")


def calls_again(customer: Handset) -> Handset:
    """A caller who was cut off rings again, and says that it is about the same matter."""
    return customer.dials(LINE).hears("Is this about the call").presses("1").hears("Welcome back")


def are_talking(one: Handset, other: Handset) -> None:
    """They hear each other, now or as soon as the line has finished speaking to them."""
    talking = one.exchange.until(lambda: one.is_talking_to(other), 10)
    assert talking, f"{one!r} does not talk with {other!r}:\n{one.exchange.transcript}"


def has_left(one: Handset) -> bool:
    """They are off the line, now or as soon as it has said goodbye."""
    return one.exchange.until(lambda: one.ended, 30)


def accepts(staff: Handset) -> Handset:
    """A member of staff picks up, listens and presses 1."""
    return staff.rings().answers().hears("Press 1 to accept").presses("1").hears("Connecting")


def talk(people: Everybody) -> None:
    """The customer and Dana are in conversation."""
    gets_in_line(people.customer)
    accepts(people.dana)
    people.customer.hears("You're being connected")
    are_talking(people.dana, people.customer)


def consult(people: Everybody) -> None:
    """Dana has transferred to Olive: they talk privately, the customer is held."""
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    accepts(people.olive)
    people.dana.hears("The caller can't hear you")
    are_talking(people.dana, people.olive)
    assert people.customer.is_held


def hand_over(people: Everybody) -> None:
    """The customer talks with Olive; Dana has left."""
    consult(people)
    people.dana.presses("*").hears("Press 1 to hand over").presses("1").hears("Handed over")
    assert has_left(people.dana)
    are_talking(people.olive, people.customer)
