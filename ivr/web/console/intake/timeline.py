"""What happened, in words: one table with a sentence for each kind of event.

A word in braces is taken from the event's data; where the data has a cause, there is a sentence for each
cause. Unknown kinds and data are shown plainly: the timeline is evidence, and must not fail on a row
from an older or a newer release.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from ivr.backoffice.estimates.rules import format_cents
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.routing.rules import OUTCOMES
from ivr.callcenter.transfers.rules import GivenUp
from ivr.core.phone_numbers import shown_number
from ivr.web.console.common import words
from ivr.web.console.intake.forms import BY_NAME

SENTENCES: Final[Mapping[str, str]] = {
    "call_arrived": "{direction}{goes_on}.",
    "language_chosen": "The line speaks {language} from here on.",
    "kind_chosen": "The caller chose: {chosen}.",
    "number_keyed": "The caller keyed {number}.",
    "callback_number": "The caller confirmed {number} as the number to ring back.",
    "issue_heard": "The caller said: “{words}”",
    "issue_recorded": "The caller left a recording of {seconds} seconds.",
    "transcribed": "The recording was written down: {words}",
    "joined_line": "The caller joined the line.",
    "offer_made": "Ringing {staff} ({role}).",
    "offer_answered": "{staff} picked up and hears the brief.",
    "offer_accepted": "{staff} pressed 1 and takes the call.",
    "offer_ended": "{staff} {outcome}.",
    "ring_refused": "{staff} could not be rung: {why}",
    "staff_left": "{staff} left the call.",
    "caller_held": "The caller is on hold, with music.",
    "caller_released": "The caller is off hold.",
    "transfer_begun": "A transfer to an operator began.",
    "transfer_taken": "{staff} took the transfer and hears the technician first.",
    "brought_in": "The caller was brought in: all three talk.",
    "handed_over": "The caller was handed over to the operator.",
    "transfer_given_up": "The transfer ended: {reason}.",
    "recording_announced": "The caller was told that the call is recorded, and that 9 goes on without.",
    "recording_declined": "The caller would rather not be recorded: nothing is.",
    "recording_began": "The call is being recorded.",
    "recording_paused": "{staff} paused the recording.",
    "recording_resumed": "{staff} let the recording go on.",
    "recording_ended": "The recording is whole: {seconds} seconds.",
    "recording_is_empty": "There is no recording of the call: the network made none.",
    "caller_left": "The caller's line ended ({status}).",
    "callback_promised": "A callback to {number} was promised for {due_at}: {reason}.",
    "callback_needs_a_person": "The callback needs a person first: {reason}.",
    "callback_closed": "The callback is no longer needed.",
    "callback_kept": "The customer was reached: the callback is kept.",
    "callback_in_vain": "The callback came to nothing ({why}). It is tried again later.",
    "callback_given_up": "The callback came to nothing again ({why}). It is a task for a person now.",
    "callback_claimed": "{staff} claimed the callback.",
    "callback_given_back": "{staff} gave the callback back.",
    "callback_postponed": "{staff} postponed the callback to {due_at}.",
    "callback_closed_by": "{staff} closed the callback: “{words}”",
    "unknown_report": "The network reported something that the line does not know: “{status}” ({sid}).",
    "unknown_leg": "The network reported a call that the line does not know: {status} ({sid}).",
    "repaired": "The line set something right by itself: {thing}.",
    "network_down": "The telephone network does not answer.",
    "network_back": "The telephone network answers again.",
    "staff_available": "{staff} is to be rung again.",
    "staff_away": "{staff} is away.",
    "booked": "{staff} booked the visit for {due_at}{unpaid}{confirmed}.",
    "booking_moved": "{staff} moved the visit to {due_at}{unpaid}{confirmed}.",
    "price_promised": "{staff} promised to ring with the price, {due_at}.",
    "quote_sent": "{staff} sent the estimate for {what}, version {version}: {total}.",
    "quote_superseded": "Version {version} of the estimate, {total}, is superseded: its link says so.",
    "quote_withdrawn": "{staff} withdrew version {version} of the estimate, {total}.",
    "quote_opened": "The customer opened the estimate for {what}, version {version}: {total}.",
    "quote_paid": "The customer has paid version {version} of the estimate: {total}.",
    "checkout_opened": "The customer went to the payment page, for {cents}.",
    "payment_pending": "The customer paid {cents} by a bank that takes its time.",
    "payment_failed": "The customer's bank refused {cents}.",
    "payment_disputed": "The customer's dispute of {cents}: {status}.",
    "ledger_charge": "The estimate of {cents} was charged.",
    "ledger_payment": "The customer paid {cents}.",
    "receipt_unsent": "No receipt of {cents} was sent: the record has no e-mail address.",
    "ledger_refund": "{cents} was refunded.",
    "ledger_refund_returned": "A refund of {cents} came back.",
    "ledger_dispute": "The bank took back {cents} for a dispute.",
    "ledger_dispute_won": "The dispute was won: {cents} is back.",
    "payment_task_closed": "{staff} has seen to it: {task}.",
    "owner_rang": "{staff}'s telephone asked to close or open the line: a PIN was asked for.",
    "line_by_hand": "The line, by hand: {now}.",
    "settled": "Everything was said and done.",
    "callback_closed:called_again": "The caller has called again: the callback is no longer needed.",
    "callback_closed:talking": "The customer talks with {staff}: the callback is no longer needed.",
    "callback_closed:settled": "{staff} says so: the callback is no longer needed.",
    "no_callback_needed": "{staff} pressed 9: no callback is needed for this conversation.",
    "callback_closed:matter": "{staff} closed the matter: the callback is no longer needed.",
    "callback_closed:owner": "{staff} called as the owner: no callback is needed.",
    "callback_kept:talking": "The customer talks with {staff}: the callback is kept.",
    "callback_kept:operator": "The customer has talked with an operator: the callback is kept.",
    "callback_kept:estimate": "{staff} sent the estimate: the promised price is kept.",
    "matter_closed": "{staff} closed the matter: “{words}”",
    "matter_reopened": "The matter is open again.",
    "matter_reopened:person": "{staff} reopened the matter.",
    "matter_reopened:call": "The customer called about it: the matter is open again.",
    "matter_reopened:callback": "A callback was promised: the matter is open again.",
    "matter_reopened:payment": "A payment arrived: the matter is open again.",
    "matter_reopened:estimate": "An estimate was sent: the matter is open again.",
    "matter_reopened:price": "A price was promised: the matter is open again.",
    "matter_reopened:booking": "A visit was booked: the matter is open again.",
    "visit_done": "{staff} noted that the visit is done.",
    "visit_not_done": "{staff} noted that the visit is not done after all.",
    "mail_queued": "A letter to {to} was written: “{subject}”",
    "mail_sent": "The letter “{subject}” was taken by the mail server.",
    "mail_bounced": "The letter “{subject}” could not be delivered to {to}: {why}",
    "mail_failed": "The letter “{subject}” could not be sent to {to}: {why}",
    "mail_opened": "The link in the letter “{subject}” was opened.",
    "purged": "What was personal was deleted: it had been kept for {days} days.",
    "fields_filled": "{staff} filled in: {fields}.",
}


def _within(text: str) -> str:
    """Returns the console's words in the form that they have within a sentence."""
    return text[0].lower() + text[1:]


_OUTCOMES: Final[Mapping[str, str]] = {one: _within(words.OFFER_STATES[one]) for one in OUTCOMES}
_LABELS: Final = {field.name: field.label.lower() for field in BY_NAME.values()}
_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "direction": {"inbound": "The caller rang the line", "callback": "The line rang the customer back"},
    "goes_on": {"True": ", and goes on where they were", "False": ""},
    "language": words.LANGUAGES,
    "chosen": {code: text.lower() for code, text in words.KINDS.items()},
    "outcome": _OUTCOMES,
    "reason": {
        **{code: _within(text) for code, text in words.CALLBACK_REASONS.items()},
        **{outcome: f"the operator {text}" for outcome, text in _OUTCOMES.items()},
        GivenUp.NOBODY_FREE: "no operator was free",
        GivenUp.TAKEN_BACK: "the technician went back to the caller",
        GivenUp.OPERATOR_LEFT: "the operator left",
        GivenUp.CALLER_LEFT: "the caller left",
    },
    "why": {
        "nobody_free": "nobody was free to ring",
        CallStatus.NO_ANSWER: "the customer did not answer",
        CallStatus.COMPLETED: "a voicemail, or hung up",
        CallStatus.BUSY: "the customer was busy",
        CallStatus.CANCELED: "called off",
        CallStatus.FAILED: "the customer could not be reached",
        "refused": "the number cannot be rung",
        "lost": "it was lost on the way",
        "no_network": "the telephone network did not answer",
    },
    "thing": {
        "report": "a report of a telephone had not come",
        "claim": "somebody was counted as busy after their call",
        "offer": "somebody was counted as rung, and no telephone rang",
        "caller": "the caller was counted as on the line, and had no call",
        "caller_alone": "the caller was left with nobody",
        "staff_alone": "a member of staff was left with nobody",
        "transfer": "a transfer had come to a stop",
        "callback": "a callback was being placed by nobody",
        "hold": "the caller was not held, or not released, as they should have been",
        "leg": "a telephone was still connected for nobody",
        "conference": "the reports of the conference had not come",
    },
    "status": {CallStatus.COMPLETED: "hung up", CallStatus.NO_ANSWER: "no answer"},
}
#: Values that older rows lack, and rows whose personal data was removed.
_MAY_BE_MISSING: Final = frozenset({"goes_on", "unpaid", "confirmed"})


class Event(Protocol):
    """A row of the timeline as the query returns it."""

    at: datetime
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One line to show of the timeline."""

    at: datetime
    words: str


def describe(events: Iterable[Event], moment: Callable[[datetime], str]) -> Iterator[Entry]:
    """Puts the events into words. ``moment`` formats a time for people."""
    return (Entry(one.at, _sentence(one.kind, one.data or {}, moment)) for one in events)


def _sentence(kind: str, data: Mapping[str, Any], moment: Callable[[datetime], str]) -> str:
    said = _Said({name: _value(name, value, moment) for name, value in data.items()})
    sentence = SENTENCES.get(f"{kind}:{data.get('because')}") or SENTENCES.get(kind)
    if sentence:
        return sentence.format_map(said)
    plain = kind.replace("_", " ").capitalize()
    return (
        f"{plain} ({', '.join(f'{name}: {value}' for name, value in said.items())})" if said else f"{plain}."
    )


class _Said(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "" if name in _MAY_BE_MISSING else "unknown"


def _value(name: str, value: Any, moment: Callable[[datetime], str]) -> str:
    if value is None:
        return "an unknown number" if name == "number" else "unknown"
    if name == "confirmed":
        kinds = value if isinstance(value, list) else []
        told = ", ".join(dict.fromkeys(words.worded(words.CONFLICTS, kind) for kind in kinds))
        return f", confirmed: {told}" if told else ""
    if name in _CODES:
        return _CODES[name].get(str(value), str(value).replace("_", " "))
    if name == "number":
        return shown_number(str(value))
    if name == "cents":
        return format_cents(int(value))
    if name == "unpaid":
        return f", before it was paid: {value}" if value else ""
    if name == "due_at":
        return _due(str(value), moment)
    if isinstance(value, list):
        return ", ".join(_LABELS.get(str(one), str(one)) for one in value)
    return str(value)


def _due(iso: str, moment: Callable[[datetime], str]) -> str:
    try:
        return moment(datetime.fromisoformat(iso))
    except ValueError:
        return iso
