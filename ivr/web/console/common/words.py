"""The console's words for stored codes. A code without words is shown as it is.

It is long because it is one list: whoever adds a code finds here how the others are worded.
"""

from collections.abc import Mapping
from typing import Any, Final

from ivr.backoffice.alarms.rules import NoticeState
from ivr.backoffice.estimates.bookings.fit import Standing
from ivr.backoffice.estimates.bookings.rules import CancelReason, Mark
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.backoffice.follow_ups.rules import Cause, Ending
from ivr.backoffice.paid_time.rules import TimeState
from ivr.callcenter.callbacks.rules import TRIES as TRIES_AT_MOST
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState, NotTried
from ivr.callcenter.calls.attestation import Attestation, attestation
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.calls.rules import Shield
from ivr.callcenter.intake import rules as intake_rules
from ivr.callcenter.intake.stages import IntakeState, Stage
from ivr.callcenter.recording.rules import RecordingState
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.transfers.rules import TransferState
from ivr.company.dialing import rules as dialing_rules
from ivr.core.phone_numbers import shown_number

STATES: Final = {
    IntakeState.COLLECTING: "Answering questions",
    IntakeState.WAITING: "Waiting in line",
    IntakeState.RINGING: "Calling a technician",
    IntakeState.WITH_TECHNICIAN: "With a technician",
    IntakeState.TRANSFERRING: "Being transferred",
    IntakeState.WITH_OPERATOR: "With an operator",
    IntakeState.QUOTED: "Quoted",
    IntakeState.PAID: "Paid",
    IntakeState.BOOKED: "Booked",
    IntakeState.CLOSED: "Closed",
    IntakeState.ABANDONED: "Cut off",
    IntakeState.MESSAGE: "To call back",
}
#: What a state asks of the reader: there is a call; the customer is owed a call; nothing.
TONES: Final = {
    **dict.fromkeys((IntakeState.ABANDONED, IntakeState.MESSAGE), "owed"),
    **dict.fromkeys((IntakeState.QUOTED, IntakeState.PAID, IntakeState.BOOKED, IntakeState.CLOSED), "done"),
}
#: How far the matter has come, shown beside where the customer is.
STAGES: Final = {
    Stage.OPEN: "Open",
    Stage.QUOTED: "Quoted",
    Stage.PAID: "Paid",
    Stage.BOOKED: "Booked",
    Stage.DONE: "Visit done",
    Stage.CLOSED: "Closed",
}
KINDS: Final = {"onsite": "Onsite visit", "remote": "Remote support"}
#: What has become of an alarm on its way, and of a call about one.
NOTICES: Final = {
    NoticeState.QUEUED: "on its way",
    NoticeState.SENT: "sent",
    NoticeState.FAILED: "not sent",
    NoticeState.UNKNOWN: "we don't know whether it arrived",
    NoticeState.DROPPED: "not sent: it was no longer needed",
}
ALARM_CALLS: Final = {
    Outcome.REACHED: "acknowledged by key",
    Outcome.SCREENED: "a screening voice answered",
    Outcome.MAILBOX: "a mailbox answered, or nobody spoke",
    Outcome.NO_ANSWER: "no answer",
    Outcome.BUSY: "busy",
    Outcome.DECLINED: "passed to a colleague",
    Outcome.FAILED: "could not be reached",
}
WRAP_UPS: Final = intake_rules.WRAP_UPS
LANGUAGES: Final = {"en": "English", "es": "Spanish"}
#: Why a recording cannot be heard.
RECORDINGS: Final = {
    RecordingState.ANNOUNCED: "not recorded: the call dropped before an answer",
    RecordingState.DECLINED: "not recorded: the caller did not agree",
    RecordingState.AGREED: "the recording is starting",
    RecordingState.RUNNING: "being recorded",
    RecordingState.ABSENT: "no recording was made",
    RecordingState.FORGOTTEN: "the recording has been deleted",
}
CALLBACK_REASONS: Final = {
    CallbackReason.DROPPED: "The call dropped",
    CallbackReason.NOBODY_CAME: "Nobody was free",
    CallbackReason.LEFT_LINE: "Chose a callback over waiting",
    CallbackReason.NO_OPERATOR: "No operator was free",
    CallbackReason.CLOSED: "Called while closed",
    CallbackReason.LEFT_MESSAGE: "Left a message",
    CallbackReason.INTERPRETER: "Needs an interpreter",
    CallbackReason.ESTIMATE: "Waiting for the price",
    CallbackReason.ASKED: "Staff will call back",
}
#: How a ring ended, of a customer or of staff. The timeline ends sentences with these words: "Sam Lee did not answer."
OUTCOMES: Final[Mapping[str, str]] = {
    Outcome.REACHED: "Was reached",
    Outcome.SCREENED: "Screened the call",
    Outcome.MAILBOX: "Went to voicemail",
    Outcome.NO_ANSWER: "Did not answer",
    Outcome.BUSY: "Was busy",
    Outcome.DECLINED: "Declined",
    Outcome.FAILED: "Could not be reached",
}
#: How a try at a callback ended, also where the customer's phone tells nothing of it.
TRIES: Final[Mapping[str, str]] = {
    **OUTCOMES,
    NotTried.NOBODY_FREE: "Nobody was free to take it",
    NotTried.LEFT_WAITING: "Hung up while waiting for staff",
    NotTried.REFUSED: "The number cannot be called",
    NotTried.NO_NETWORK: "The phone network did not respond",
    NotTried.LOST: "It was lost on the way",
    NotTried.CANCELED: "The call was stopped",
}
#: Why a number is not dialed.
NOT_DIALED: Final[Mapping[Any, str]] = dialing_rules.WORDS
#: What a carrier says of a caller's number. It is never alone a reason for anything.
VOUCHED: Final = {
    Attestation.FULL: "The carrier verified this number.",
    Attestation.PARTIAL: "The carrier knows this caller, but didn't verify the number.",
    Attestation.GATEWAY: "No carrier verified this number.",
    Attestation.FAILED: "Not verified: the number's signature is invalid.",
    Attestation.NONE: "No carrier verified this number.",
    Attestation.UNTOLD: "No carrier verified this number.",
}
#: What an inbound call met first.
SHIELDS: Final = {
    Shield.ASKED: "The caller was asked to press a key first.",
    Shield.REFUSED: "The number is blocked: the caller could only leave a message.",
}
OFFER_STATES: Final = {
    OfferState.RINGING: "Ringing now",
    OfferState.BRIEFING: "Picked up",
    OfferState.ACCEPTED: "Taken",
    OfferState.DECLINED: OUTCOMES[Outcome.DECLINED],
    OfferState.BUSY: OUTCOMES[Outcome.BUSY],
    OfferState.NO_ANSWER: OUTCOMES[Outcome.NO_ANSWER],
    OfferState.FAILED: OUTCOMES[Outcome.FAILED],
    OfferState.UNACCEPTED: "Picked up but did not press 1",
    OfferState.CANCELED: "Was no longer needed",
}
QUOTE_STATES: Final = {
    EstimateState.DRAFT: "Draft",
    EstimateState.SENT: "Sent",
    EstimateState.PAID: "Paid",
    EstimateState.EXPIRED: "Expired",
    EstimateState.SUPERSEDED: "Replaced",
    EstimateState.WITHDRAWN: "Withdrawn",
}
QUOTE_TONES: Final = {
    EstimateState.DRAFT: "done",
    EstimateState.SENT: "live",
    EstimateState.PAID: "done",
    EstimateState.EXPIRED: "owed",
    EstimateState.SUPERSEDED: "done",
    EstimateState.WITHDRAWN: "done",
}
QUOTE_KINDS: Final = {EstimateKind.VISIT: "Visit", EstimateKind.MORE_TIME: "More time"}
CALLBACK_STATES: Final = {
    CallbackState.PROMISED: "To be called",
    CallbackState.PLACED: "Being called",
    CallbackState.DONE: "Reached",
    CallbackState.CLOSED: "No longer needed",
    CallbackState.TASK: "Needs a person",
}
#: States of a transfer under way.
TRANSFERS: Final = {
    TransferState.RINGING: "Being transferred",
    TransferState.CONSULTING: "Private consultation",
    TransferState.TOGETHER: "Three-way call",
}
#: What a member of staff is doing.
DOING: Final = {
    "free": "Available",
    "talking": "On a call",
    "ringing": "Ringing",
    "wrapping_up": "Wrapping up",
    "away": "Away",
    "off_shift": "Off shift",
}
#: How somebody stands to a visit, beside their name.
STANDINGS: Final = {
    Standing.FREE: "free",
    Standing.OFF_SHIFT: "off shift",
    Standing.LEAVE: "on leave",
    Standing.BUSY: "at another visit",
}
#: What a technician has noted of the day of a visit.
MARKS: Final = {Mark.ON_THE_WAY: "On the way", Mark.ARRIVED: "Arrived", Mark.DONE: "Done"}
ROLES: Final = {
    "technician": "Technician",
    "field": "Field technician",
    "operator": "Operator",
    "owner": "Owner",
}
#: Entries of the payment ledger.
LEDGER: Final = {
    "charge": "Estimate, charged",
    "payment": "Paid",
    "refund": "Refunded",
    "refund_returned": "Refund returned",
    "dispute": "Disputed: the bank took it",
    "dispute_won": "Dispute won: the bank returned it",
}
#: What has become of the question whether the paid time on site is enough.
TIME_CHECKS: Final[Mapping[str, str]] = {
    TimeState.ASKED: "The technician is asked whether the paid time is enough.",
    TimeState.ENOUGH: "The technician says the paid time is enough.",
    TimeState.OPERATOR: "The technician needs more time: call the customer with the price.",
    TimeState.CUSTOMER: "The technician needs more time: the line calls the customer.",
    TimeState.AGREED: "The customer agreed to more time. The link is on its way.",
    TimeState.SENT: "The customer agreed to more time, and has the link to pay.",
    TimeState.DECLINED: "The customer does not want more time.",
}
#: Why a visit is canceled. The timeline ends sentences with these words; the customer reads others.
CANCEL_REASONS: Final[Mapping[str, str]] = {
    CancelReason.ASKED: "The customer asked for it",
    CancelReason.OURS: "We cannot come at that time",
    CancelReason.SITE: "Nobody can get to the site, or work there",
    CancelReason.SOLVED: "Solved without a visit",
}
#: What did not fit about a visit, and was confirmed.
CONFLICTS: Final = {
    "before_hours": "before opening time",
    "after_hours": "after closing time",
    "closed_day": "not a working day",
    "holiday": "a holiday",
    "special": "the company is closed",
    "closure": "the line is closed manually",
    "past": "in the past",
    "overlap": "overlaps another visit",
    "off_shift": "the technician is off shift",
    "leave": "the technician is on leave",
}
#: What is wrong with the money, and what to do about it. The braces stand for the sum.
MONEY_TASKS: Final = {
    "overpaid": "The customer paid {cents} too much. Refund it.",
    "paid_twice": "The customer paid twice: {cents} too much. Refund it.",
    "paid_superseded": "The customer paid an estimate that was void: {cents} too much. Refund it.",
    "superseded_short": "The customer paid an estimate that was void: {cents} is missing. Call them.",
    "underpaid": "The customer paid too little: {cents} is missing. Call them; the link asks for the rest.",
    "taken_back": "Refunds or disputes took back {cents}. Decide whether the visit goes ahead.",
    "refunded": "{cents} was refunded in Stripe. Make sure it was intended.",
    "refund_returned": "The customer's bank sent a refund of {cents} back. Call them about another way to refund it.",
    "dispute_open": "The customer disputes the payment with their bank. Respond in Stripe before the deadline.",
    "dispute_lost": "A dispute was lost. The money stays with the customer.",
    "payment_failed": "The customer's bank refused {cents} after all. Call them.",
    "unpaid_time": "The technician is on site beyond the time that is paid. Agree on more time with the customer.",
    "visit_canceled": "The customer canceled the visit. They paid {cents}. Book a new day, or refund it in Stripe.",
    "wrong_currency": "A payment came in another currency and is not in the ledger. Check it in Stripe.",
}
#: What is to be followed up.
FOLLOW_UPS: Final[Mapping[str, str]] = {
    Cause.UNOPENED: "Estimate not opened",
    Cause.UNPAID: "Estimate not paid",
    Cause.EXPIRING: "Estimate about to expire",
    Cause.NO_WRAP_UP: "Call without a wrap-up",
    Cause.UNHEARD: "Message not heard",
}
#: What came of a follow-up. The timeline ends sentences with these words.
FOLLOW_UP_ENDINGS: Final[Mapping[str, str]] = {
    Ending.REACHED: "Reached the customer",
    Ending.NO_INTEREST: "No interest",
    Ending.SENT_ANEW: "Sent a new estimate",
    Ending.MISTAKE: "Opened by mistake",
    Ending.NOTED: "Saved in a note",
    Ending.OPENED: "The customer opened the estimate",
    Ending.PAID: "The customer paid",
    Ending.PAYING: "The payment is on its way",
    Ending.ANSWERED: "The customer talked with us",
    Ending.SUPERSEDED: "A new estimate was sent",
    Ending.WITHDRAWN: "The estimate was withdrawn",
    Ending.EXPIRED: "Lost: the estimate expired",
    Ending.CONTINUED: "Replaced by the next one",
    Ending.WRAPPED_UP: "The wrap-up was saved",
    Ending.HEARD: "The message was heard",
    Ending.VISIT_CANCELED: "The visit was canceled",
    Ending.MATTER_CLOSED: "The intake was closed",
    Ending.GONE: "Its subject was deleted",
}


def worded(words: Mapping[Any, str], code: Any) -> str:
    """Return the words for a code, or the code itself with spaces."""
    return words.get(str(code)) or str(code).replace("_", " ")


def who(intake: Any) -> str:
    """Return what a matter is headed by: the customer's name, else a number of theirs."""
    number = shown_number(intake.callback_number or intake.caller_number)
    return str(intake.contact_name or (f"Caller {number}" if number else "Unknown caller"))


def vouched(stir_verstat: str | None) -> str:
    """Return what a caller's carrier says of their number, in a sentence."""
    return VOUCHED[attestation(stir_verstat)]


def tried(count: int, last: str | None) -> str:
    """Return how often a callback was tried, and how the last try ended if that is known; nothing before the first.

    >>> tried(1, "mailbox"), tried(3, "busy"), tried(1, None), tried(0, None)
    ('Went to voicemail, 1 of 2', 'Was busy, 3 tries', 'Tried, 1 of 2', '')
    """
    if not count:
        return ""
    how_often = f"{count} of {TRIES_AT_MOST}" if count <= TRIES_AT_MOST else f"{count} tries"
    return f"{worded(TRIES, last) if last else 'Tried'}, {how_often}"
