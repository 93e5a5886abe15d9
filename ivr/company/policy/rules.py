"""The owner's settings, each declared once: its default, bounds and words. Pure.

A package reads the value it needs from ``Policy`` and passes it to its own rules as an argument. The file is long
because it has a field, with its words, for each value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from ivr.company.policy.causes import LABELS, URGENT
from ivr.company.policy.field_types import (
    BadValueError,
    Countries,
    Email,
    Kind,
    Languages,
    Line,
    Money,
    Phone,
    Prefixes,
    Some,
    WallTime,
    Whole,
    YesNo,
)


class UnknownValueError(BadValueError):
    message = "There is no such value to set."


class RateNotInIncrementsError(BadValueError):
    message = "The hourly rate must be a multiple of the increment, so every estimate can be prepaid exactly."


def _value(default: Any, kind: Kind, label: str, sentence: str) -> Any:
    return field(default=default, metadata={"kind": kind, "label": label, "sentence": sentence})


@dataclass(frozen=True)
class Policy:
    """The values in force. Sums are integer cents, durations seconds. Raises RateNotInIncrementsError."""

    base_fee_cents: int = _value(
        350_00,
        Money(1_00, 10_000_00),
        "Onsite support fee",
        "What a visit starts at: the trip and the first hour on site. Said to every caller who asks for a visit.",
    )
    increment_cents: int = _value(
        25_00, Money(1_00, 1_000_00), "Increment", "An estimate is the fee and a number of these."
    )
    hourly_rate_cents: int | None = _value(
        None,
        Money(1_00, 10_000_00, optional=True),
        "Hourly rate",
        "Each additional hour on site, a multiple of the increment. Until it is set no estimate can be made.",
    )
    more_time_calls_customer: bool = _value(
        False,  # noqa: FBT003
        YesNo(),
        "Call the customer about more time",
        "When a technician on site asks for another hour, the line calls the customer, says the price, and emails the "
        "link once they press 1. Otherwise an operator calls.",
    )
    estimate_valid_days: int = _value(
        14,
        Whole(1, 365, "days"),
        "An estimate is good for",
        "After that its link asks the customer to call us.",
    )
    refund_days: int = _value(
        5,
        Whole(1, 30, "business days"),
        "Refund an overpayment within",
        "Stated to a customer who has paid twice or too much, on the payment page and on the receipt.",
    )
    visit_drive_seconds: int = _value(
        1800,
        Whole(0, 240, "minutes", factor=60),
        "Drive time between visits",
        "A technician gets no visit that begins sooner after another one. A remote visit needs no drive.",
    )
    visit_window_hours: int = _value(
        2,
        Whole(1, 8, "hours"),
        "An arrival window lasts",
        "Customers who move a visit choose among windows of this length, within open hours.",
    )
    customer_changes: bool = _value(
        True,  # noqa: FBT003
        YesNo(),
        "Customers may move or cancel a visit",
        "On the page of their estimate. Nothing is refunded by itself: a cancellation becomes a payment issue for you.",
    )
    customer_change_hours: int = _value(
        24,
        Whole(1, 336, "hours"),
        "Customers change a visit until so long before",
        "Later they are asked to call.",
    )
    customer_moves_at_most: int = _value(
        2,
        Whole(0, 20, "moves"),
        "Moves of one visit by its customer",
        "After that they are asked to call. Moves that staff make do not count.",
    )
    ring_seconds: int = _value(
        20,
        Whole(5, 60, "seconds"),
        "Ring each phone for",
        "Longer: more time to pick up. Shorter: the next person sooner. The phone network adds up to five seconds.",
    )
    ring_all_at_once: bool = _value(
        False,  # noqa: FBT003  # a default
        YesNo(),
        "Call all technicians at once",
        "The first to press 1 gets the call and the other phones stop. Otherwise one at a time, "
        "the one idle longest first.",
    )
    ring_customer_first: bool = _value(
        False,  # noqa: FBT003
        YesNo(),
        "Call the customer first",
        "A callback is made as soon as someone is free: the customer presses 1, then hears music for up to 20 seconds "
        "while staff are called. Otherwise a technician is called first and waits for the customer to answer.",
    )
    longest_wait_seconds: int = _value(
        600,
        Whole(1, 60, "minutes", factor=60),
        "Longest wait in line",
        "Then the caller is offered a callback or a message.",
    )
    wrap_up_seconds: int = _value(
        30,
        Whole(0, 900, "seconds"),
        "Wrap-up after a call",
        "Nobody gets another call for this long after a conversation: time to write it down.",
    )
    unanswered_pause: bool = _value(
        True,  # noqa: FBT003
        YesNo(),
        "Pause people who don't answer",
        "Anyone who misses two calls in a row gets none for a while. They get an email, and are back with one tap on "
        "their own page. The last person who can take calls is never paused: you get an alarm instead.",
    )
    unanswered_pause_seconds: int = _value(
        900,
        Whole(1, 240, "minutes", factor=60),
        "The pause lasts",
        "Then they get calls again by themselves.",
    )
    recording_of_calls: bool = _value(
        False,  # noqa: FBT003
        YesNo(),
        "Record calls",
        "The caller is told first, and may go on without. Ask a lawyer before you switch it on.",
    )
    recording_needs_yes: bool = _value(
        True,  # noqa: FBT003
        YesNo(),
        "Record only callers who agree",
        "The caller must press 1 to be recorded; a caller who says nothing is not. Some states, such as "
        "California, require the consent of everyone on the call. Otherwise silence counts as consent, and 9 is a no.",
    )
    dial_countries: tuple[str, ...] = _value(
        ("US", "CA"),
        Countries(),
        "Countries that the line calls",
        "Customers and staff. Names or two letters, with commas. Puerto Rico, Guam and other islands are named by "
        "themselves. A number elsewhere is not taken from a caller, and its callback is a task for a person.",
    )
    dial_never: tuple[str, ...] = _value(
        (),
        Prefixes(),
        "Never call numbers that begin with",
        "With + and the country code, such as +1712432, with commas. Premium numbers, 911 and the like, and the line's "
        "own number are never called anyway.",
    )
    dial_number_limit: int = _value(
        10,
        Whole(1, 100, "calls"),
        "Calls to one number in 24 hours",
        "Customers only. After that a callback to it is a task for a person.",
    )
    dial_matter_limit: int = _value(
        8,
        Whole(1, 100, "calls"),
        "Calls for one intake in 24 hours",
        "To its customer, at whatever number.",
    )
    dial_hour_limit: int = _value(
        60,
        Whole(1, 5000, "calls"),
        "Calls to customers in an hour",
        "Of the whole line. At 80 percent the board says so, and an email goes to the address for alerts. "
        "Calls to staff never count.",
    )
    dial_day_limit: int = _value(
        300,
        Whole(1, 50_000, "calls"),
        "Calls to customers in 24 hours",
        "Of the whole line, reported in the same way.",
    )
    longest_call_seconds: int = _value(
        14_400,
        Whole(10, 1440, "minutes", factor=60),
        "End a call that we made after",
        "To a customer or to staff, counted from when it is answered. A phone that nobody hung up costs no more then.",
    )
    silent_minutes_a_day: int = _value(
        120,
        Whole(1, 100_000, "minutes"),
        "Silence in a day, at most",
        "Calls in which nobody presses or says anything. Above this the first question is the last, then comes the "
        "offer of a message; the board says so, and an email about the line.",
    )
    alarm_wait_seconds: int = _value(
        180,
        Whole(10, 3600, "seconds"),
        "A caller waits too long after",
        "Counted from when they joined the line.",
    )
    alarm_callback_seconds: int = _value(
        900,
        Whole(1, 1440, "minutes", factor=60),
        "A callback is overdue after",
        "Counted from the time it was scheduled for. Only during opening hours.",
    )
    alarm_spending_cents: int | None = _value(
        None,
        Money(1_00, 100_000_00, optional=True),
        "Calls cost too much in a day above",
        "Leave empty for no such alarm.",
    )
    alarm_step_seconds: int = _value(
        300,
        Whole(1, 120, "minutes", factor=60),
        "Go to the next channel after",
        "When nobody has acknowledged the alarm by then.",
    )
    alarm_quiet_from: int | None = _value(
        None,
        WallTime(),
        "Quiet hours begin at",
        "In the company's time zone. Alarms wait until the quiet hours end.",
    )
    alarm_quiet_until: int | None = _value(
        None, WallTime(), "Quiet hours end at", "Leave empty for no quiet hours."
    )
    alarm_urgent: tuple[str, ...] = _value(
        URGENT, Some(LABELS), "Alarms during quiet hours too", "Choose what's worth waking someone for."
    )
    follow_up_unopened_seconds: int = _value(
        14_400,
        Whole(1, 200, "hours", factor=3600),
        "An estimate is unopened after",
        "Counted while the line is open. Then it is a follow-up for whoever sent it.",
    )
    follow_up_unpaid_days: int = _value(
        2, Whole(1, 60, "days"), "An estimate is unpaid after", "Counted from the email with its link."
    )
    follow_up_expiring_days: int = _value(
        3, Whole(1, 60, "days"), "An estimate is about to expire", "So many days before its last day ends."
    )
    remind_customers: bool = _value(
        True,  # noqa: FBT003  # a default
        YesNo(),
        "Remind customers by email",
        "At most two emails about an estimate, with its link, while the line is open. None once they have paid, "
        "called us, or asked for no more.",
    )
    retention_days: int = _value(
        730,
        Whole(30, 3650, "days"),
        "Keep personal data for",
        "Then names, numbers, addresses, words and recordings are deleted; the figures stay.",
    )
    second_factor_technicians: bool = _value(
        False,  # noqa: FBT003
        YesNo(),
        "Technicians need a second factor",
        "A passkey or a one-time code, besides the password. People without one set it up at their next login.",
    )
    second_factor_operators: bool = _value(
        False,  # noqa: FBT003
        YesNo(),
        "Operators need a second factor",
        "They read and change what customers say, and take payments.",
    )
    second_factor_owners: bool = _value(
        False,  # noqa: FBT003
        YesNo(),
        "Owners need a second factor",
        "They can do everything: ask this of them first.",
    )
    staff_take_leave: bool = _value(
        False,  # noqa: FBT003
        YesNo(),
        "Staff take leave by themselves",
        "Otherwise they ask for it, and an owner says yes or no. The owners get an email either way.",
    )
    operations_email: str | None = _value(
        None, Email(), "Send alerts to", "A payment, a callback that needs a person, a fault."
    )
    monday_letter: bool = _value(
        True,  # noqa: FBT003
        YesNo(),
        "Email owners each Monday",
        "At 7 AM: how last week went against the week before, in five figures.",
    )
    reply_to: str | None = _value(
        None,
        Email(),
        "Answers to emails go to",
        "Where customers' replies go. Leave empty to use the address for alerts.",
    )
    calendar_names_customer: bool = _value(
        False,  # noqa: FBT003
        YesNo(),
        "Customers' names in staff calendars",
        "A visit in the calendar of a technician has the reference and the address. The calendar lies with Google, "
        "Apple or whoever keeps it for them: the name is added only if you tick this.",
    )
    languages: tuple[str, ...] = _value(
        ("en", "es"), Languages(), "Languages offered", "English always; another is offered in the greeting."
    )
    company_name: str = _value(
        "Onsite Support", Line(80), "Name of the company", "On estimates, emails and the payment page."
    )
    company_phone: str = _value(
        "+18779437675", Phone(), "Phone number of the company", "On estimates, emails and the payment page."
    )
    company_address: str = _value(
        "",
        Line(160, optional=True),
        "Address of the company",
        "Street, city, state and ZIP code, in emails and on receipts. Leave empty to show none.",
    )

    def __post_init__(self) -> None:
        if self.hourly_rate_cents is not None and self.hourly_rate_cents % self.increment_cents:
            raise RateNotInIncrementsError


@dataclass(frozen=True)
class Value:
    """One declared value: its name, words and type."""

    name: str
    label: str
    sentence: str
    kind: Kind
    default: Any


VALUES: Final = {
    one.name: Value(name=one.name, default=one.default, **one.metadata) for one in fields(Policy)
}


def value(name: str) -> Value:
    """Return the declaration. Raises UnknownValueError."""
    if name not in VALUES:
        raise UnknownValueError
    return VALUES[name]


def policy(kept: Mapping[str, str]) -> Policy:
    """Return the policy of these stored texts, else defaults. Names that another release stored are ignored.

    Raises BadValueError.
    """
    return Policy(**{name: _read(VALUES[name].kind, text) for name, text in kept.items() if name in VALUES})


def _read(kind: Kind, text: str) -> Any:
    try:
        return kind.read(text)
    except BadValueError:
        if isinstance(kind, Email):
            return None  # earlier releases took addresses that no letter can be sent to
        raise


def written(policy: Policy, name: str) -> str:
    """Return the policy's value as a form field shows it."""
    return value(name).kind.write(getattr(policy, name))


def shown(policy: Policy, name: str) -> str:
    """Return the policy's value in words for people."""
    return value(name).kind.show(getattr(policy, name))
