"""What happened, in words: one table with a sentence for each kind of event.

A word in braces is taken from the event's data; where the data has a cause, there is a sentence for each
cause. Unknown kinds and data are shown plainly: the timeline is evidence, and must not fail on a row
from an older or a newer release. The file is long because it is that one table.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from ivr.callcenter.callbacks.rules import NotTried
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.routing.rules import OUTCOMES
from ivr.callcenter.transfers.rules import GivenUp
from ivr.core.money import format_cents
from ivr.core.phone_numbers import shown_number
from ivr.web.console.common import words
from ivr.web.console.intake.forms import BY_NAME

SENTENCES: Final[Mapping[str, str]] = {
    "call_arrived": "{direction}{goes_on}.{found}{meets}",
    "number_refused": "{staff} blocked the number until {until_at}: “{words}”",
    "number_served_again": "{staff} unblocked the number.",
    "same_matter_asked": "A call came from the same number: the caller was asked whether it is about this intake.",
    "same_matter_denied": "That call has an intake of its own: {reference}.",
    "same_matter_unanswered": "That caller hung up without an answer.",
    "language_chosen": "The prompts are in {language} from here on.",
    "kind_chosen": "The caller chose: {chosen}.",
    "number_keyed": "The caller entered {number}.",
    "callback_number": "The caller confirmed {number} as the number to call back.",
    "number_not_dialed": "The caller gave {number}, which is not called: {not_dialed}",
    "callback_number_given": "{staff} entered {number} as the number to call back.",
    "issue_heard": "The caller said: “{words}”",
    "issue_recorded": "The caller left a recording of {seconds} seconds.",
    "card_removed": "A card number was given, and was removed except for its last four digits.",
    "transcribed": "The recording was transcribed: {words}",
    "joined_line": "The caller joined the queue.",
    "emergency": "After hours: the caller asked for the technician on call.",
    "offer_made": "Calling {staff} ({role}).",
    "offer_answered": "{staff} picked up and hears the brief.",
    "offer_accepted": "{staff} pressed 1 and takes the call.",
    "offer_ended": "{staff} {outcome}.",
    "ring_refused": "{staff} could not be called: {why}",
    "staff_left": "{staff} left the call.",
    "caller_held": "The caller is on hold, with music.",
    "caller_released": "The caller is off hold.",
    "transfer_begun": "A transfer to an operator began.",
    "transfer_taken": "{staff} took the transfer and hears the technician first.",
    "brought_in": "The caller was brought in: it is a three-way call.",
    "handed_over": "The caller was handed over to the operator.",
    "transfer_given_up": "The transfer ended: {reason}.",
    "recording_announced": "The caller was told that the call is recorded, and to press 9 to go on without it.",
    "recording_worded": "The caller heard about the recording, in {language}: “{words}” Version {version}.",
    "recording_agreed": "The caller pressed 1 and agreed to the recording.",
    "recording_declined": "The caller declined the recording: nothing is recorded.",
    "recording_unanswered": "The caller pressed no key about the recording: nothing is recorded.",
    "recording_began": "The call is being recorded.",
    "recording_paused": "{staff} paused the recording.",
    "recording_resumed": "{staff} resumed the recording.",
    "recording_ended": "The recording is complete: {seconds} seconds.",
    "recording_is_empty": "There is no recording of the call: the phone network made none.",
    "caller_left": "The caller's call ended ({status}).",
    "callback_promised": "A callback to {number} was scheduled for {due_at}: {reason}.",
    "callback_not_dialed": "The callback to {number} is a task for a person: {not_dialed}",
    "callback_needs_a_person": "The callback is a task first: {reason}.",
    "callback_unproven": "{staff} talked with a caller who says this intake is theirs. Their carrier didn't "
    "verify the number: decide whether the callback is still needed.",
    "callback_closed": "The callback is no longer needed.",
    "callback_kept": "The customer was reached: the callback is done.",
    "callback_in_vain": "The callback failed ({why}). It will be tried again later.",
    "callback_given_up": "The callback failed again ({why}). It is now a task for a person.",
    "callback_claimed": "{staff} claimed the callback.",
    "callback_assigned": "{staff} gave the callback to {colleague}.",
    "callback_given_back": "{staff} gave the callback back.",
    "callback_postponed": "{staff} postponed the callback to {due_at}.",
    "callback_closed_by": "{staff} closed the callback: “{words}”",
    "unknown_report": "The phone network reported an unknown status: “{status}” ({sid}).",
    "unknown_leg": "The phone network reported an unknown call: {status} ({sid}).",
    "repaired": "The service fixed something by itself: {thing}.",
    "hosted_call": "The caller called while this service was down: the backup took the call, {due_at}.",
    "hosted_call:ours": "This service went down during the call: the backup took it, {due_at}.",
    "hosted_talk": "They talked with the backup person for {seconds} seconds.",
    "network_down": "The phone network is not responding.",
    "network_back": "The phone network is responding again.",
    "staff_available": "{staff} is available again.",
    "staff_away": "{staff} is away.",
    "booked": "{staff} booked the visit for {due_at}{with_whom}{unpaid}{confirmed}.",
    "booking_moved": "{staff} moved the visit{was_at} to {due_at}{with_whom}{unpaid}{confirmed}.",
    "booking_cancelled": "{staff} canceled the visit of {due_at}: {because}{told}.",
    "time_asked": "The technician is asked whether the paid time is enough. It ends {due_at}.",
    "time_is_enough": "{staff} says that the paid time is enough.",
    "more_time_wanted": "{staff} needs more time on site: {hours} h.",
    "more_time_agreed": "The customer agreed by phone to {hours} h more (call {leg}).",
    "more_time_declined": "The customer declined more time by phone (call {leg}).",
    "more_time_to_operator": "An operator is to call the customer about more time: {why}",
    "time_is_over": "The paid time ended {due_at}, and the technician is still on site.",
    "customer_moved": "The customer moved the visit{was_at} to {due_at}{with_whom}.",
    "customer_cancelled": "The customer canceled the visit of {due_at}.",
    "visit_assigned": "{staff} assigned the visit to {technician}{confirmed}.",
    "visit_unassigned": "{staff} unassigned the visit.",
    "visit_unassigned:left": "{technician} no longer does visits: the visit is unassigned.",
    "visit_unassigned:week": "The shifts of {technician} have changed: the visit is unassigned.",
    "visit_unassigned:leave": "{technician} is on leave or off shift then: the visit is unassigned.",
    "visit_on_the_way": "{staff} is on the way.",
    "visit_arrived": "{staff} has arrived at the site.",
    "visit_arrived:remote": "{staff} has begun the remote visit.",
    "visit_mark_undone": "{staff} undid: {mark}.",
    "price_promised": "{staff} scheduled a call with the price, {due_at}.",
    "quote_sent": "{staff} sent the estimate for {what}, version {version}: {total}.",
    "quote_superseded": "Version {version} of the estimate, {total}, was replaced. Its link says so.",
    "quote_withdrawn": "{staff} withdrew version {version} of the estimate, {total}.",
    "quote_opened": "The customer opened the estimate for {what}, version {version}: {total}.",
    "quote_perhaps_opened": "The link of the estimate for {what}, version {version}, was opened within a minute of the"
    " email: perhaps by a mail scanner.",
    "quote_paid": "The customer has paid version {version} of the estimate: {total}.",
    "checkout_opened": "The customer went to the payment page, for {cents}.",
    "payment_pending": "The customer paid {cents} by bank transfer. The money has not arrived yet.",
    "payment_failed": "The customer's bank refused {cents}.",
    "payment_disputed": "The customer's dispute of {cents}: {status}.",
    "ledger_charge": "The estimate of {cents} was charged.",
    "ledger_payment": "The customer paid {cents}.",
    "receipt_unsent": "No receipt for {cents} was sent: we have no email address.",
    "ledger_refund": "{cents} was refunded.",
    "ledger_refund_returned": "A refund of {cents} came back.",
    "ledger_dispute": "The bank took back {cents} for a dispute.",
    "ledger_dispute_won": "The dispute was won: {cents} is back.",
    "payment_task_closed": "{staff} marked as done: {task}",
    "owner_rang": "A call from {staff}'s phone asked to close or open the line. It was asked for a PIN.",
    "staff_rang": "A call from {staff}'s phone asked to set when they get calls. It was asked for a PIN.",
    "line_by_hand": "The line is {now}.",
    "settled": "Everything was resolved.",
    "callback_closed:called_again": "The caller has called again: the callback is no longer needed.",
    "callback_closed:talking": "The customer is talking with {staff}: the callback is no longer needed.",
    "callback_closed:settled": "{staff} said the callback is no longer needed.",
    "no_callback_needed": "{staff} pressed 9: no callback is needed for this conversation.",
    "callback_closed:matter": "{staff} closed the intake: the callback is no longer needed.",
    "callback_closed:owner": "{staff} called as the owner: no callback is needed.",
    "callback_closed:staff": "{staff} called as one of staff: no callback is needed.",
    "callback_closed:refused": "{staff} blocked the number: the callback is no longer needed.",
    "callback_kept:talking": "The customer is talking with {staff}: the callback is done.",
    "callback_kept:operator": "The customer has talked with an operator: the callback is done.",
    "callback_kept:estimate": "{staff} sent the estimate: the scheduled call is done.",
    "matter_closed": "{staff} closed the intake: “{words}”",
    "matter_reopened": "The intake is open again.",
    "matter_reopened:person": "{staff} reopened the intake.",
    "matter_reopened:call": "The customer called about it: the intake is open again.",
    "matter_reopened:callback": "A callback was scheduled: the intake is open again.",
    "matter_reopened:payment": "A payment arrived: the intake is open again.",
    "matter_reopened:estimate": "An estimate was sent: the intake is open again.",
    "matter_reopened:price": "A call with the price was scheduled: the intake is open again.",
    "matter_reopened:booking": "A visit was booked: the intake is open again.",
    "visit_done": "{staff} marked the visit as done.",
    "visit_not_done": "{staff} marked the visit as not done.",
    "mail_queued": "An email to {to} was queued: “{subject}”",
    "mail_sent": "The email “{subject}” was accepted by the mail server.",
    "mail_bounced": "The email “{subject}” could not be delivered to {to}: {why}",
    "mail_failed": "The email “{subject}” could not be sent to {to}: {why}",
    "mail_opened": "The link in the email “{subject}” was opened.",
    "mail_withdrawn": "The email “{subject}” was not sent: it was no longer needed.",
    "follow_up_made": "A follow-up was opened: {cause}.",
    "follow_up_handed": "The follow-up went to {to}: {cause}.",
    "follow_up_noted": "{staff} added a note to the follow-up: “{words}”",
    "follow_up_closed": "The follow-up ended by itself: {cause}. {ended}.",
    "follow_up_closed_by": "{staff} closed the follow-up: {cause}. {ended}.",
    "reminder_sent": "The customer was reminded by email: {cause}.",
    "reminders_stopped": "The customer wants no more reminders about the estimate.",
    "hold_placed": "{staff} holds it until {due_at}: nothing deletes it.",
    "hold_lifted": "{staff} lifted the hold.",
    "erased": "Personal data was erased at the customer's request, by {staff}.",
    "purged": "Personal data was deleted after {days} days.",
    "refund_asked": "{staff} asked for a refund of {cents}: “{words}”",
    "refund_refused": "The payment provider refused the refund of {cents}.",
    "message_heard": "{staff} opened the caller's message.",
    "note_left": "{staff} added a note: “{words}”",
    "fields_filled": "{staff} filled in: {fields}.",
}


def _within(text: str) -> str:
    """Return the console's words in the form that they have within a sentence."""
    return text[0].lower() + text[1:]


_OUTCOMES: Final[Mapping[str, str]] = {
    **{one: _within(words.OFFER_STATES[one]) for one in OUTCOMES},
    **{one: _within(text) for one, text in words.OUTCOMES.items()},
}
_LABELS: Final = {field.name: field.label.lower() for field in BY_NAME.values()}
_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "direction": {"inbound": "The caller called in", "callback": "The customer was called back"},
    "goes_on": {"True": ", and continues where they left off", "False": ""},
    "because": {one: _within(text) for one, text in words.CANCEL_REASONS.items()},
    "language": words.LANGUAGES,
    "cause": {one: _within(text) for one, text in words.FOLLOW_UPS.items()},
    "ended": words.FOLLOW_UP_ENDINGS,
    "mark": {one: _within(text) for one, text in words.MARKS.items()},
    "not_dialed": {one: _within(text) for one, text in words.NOT_DIALED.items()},
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
        **{one: _within(words.TRIES[one]) for one in NotTried},
        **{one: f"the customer {_within(text)}" for one, text in words.OUTCOMES.items()},
        # Rows of the first release.
        CallStatus.NO_ANSWER: "the customer did not answer",
        CallStatus.COMPLETED: "a voicemail, or hung up",
    },
    "thing": {
        "report": "a status report for a phone was missing",
        "claim": "a person was still shown as busy after their call",
        "offer": "a person was shown as ringing, but no phone rang",
        "caller": "the caller was shown as on the line, but had no call",
        "caller_alone": "the caller was left alone in the call",
        "staff_alone": "a member of staff was left alone in the call",
        "transfer": "a transfer was stuck",
        "callback": "a callback was stuck while being placed",
        "hold": "the caller was not held, or not released, as they should have been",
        "leg": "a phone was still connected to nobody",
        "conference": "status reports for the conference were missing",
    },
    "status": {CallStatus.COMPLETED: "hung up", CallStatus.NO_ANSWER: "no answer"},
}
_FORMATS: Final[Mapping[str, Callable[[Any], str]]] = {
    "number": lambda number: shown_number(str(number)),
    "cents": lambda cents: format_cents(int(cents)),
}
#: Sentences of their own; None says something, too.
_OF_ARRIVALS: Final[Mapping[str, Callable[[Any], str]]] = {
    "found": lambda found: f" {words.vouched(found)}",
    "meets": lambda shield: f" {words.worded(words.SHIELDS, shield)}" if shield else "",
}
#: What is added to a sentence when there is such a value.
_ADDED: Final = {"unpaid": ", before it was paid: {}", "told": " (“{}”)", "with_whom": ", with {}"}
#: Values that older rows lack, and rows whose personal data was removed.
_MAY_BE_MISSING: Final = frozenset(
    {"found", "meets", "goes_on", "unpaid", "confirmed", "was_at", "told", "with_whom"}
)


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


def without_money(events: Iterable[Event]) -> list[Event]:
    """Leaves out what names a sum, letters too: the subject of a receipt does."""
    return [
        one
        for one in events
        if not one.kind.startswith(("mail_", "payment_", "quote_"))
        and not {"cents", "total"} & (one.data or {}).keys()
    ]


def describe(events: Iterable[Event], moment: Callable[[datetime], str]) -> Iterator[Entry]:
    """Put the events into words. ``moment`` formats a time for people."""
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
    if name in _OF_ARRIVALS:
        return _OF_ARRIVALS[name](value)
    if value is None:
        return "an unknown number" if name == "number" else "unknown"
    if name == "confirmed":
        kinds = value if isinstance(value, list) else []
        told = ", ".join(dict.fromkeys(words.worded(words.CONFLICTS, kind) for kind in kinds))
        return f", confirmed: {told}" if told else ""
    if name in _CODES:
        return _CODES[name].get(str(value), str(value).replace("_", " "))
    if name in _FORMATS:
        return _FORMATS[name](value)
    if name in _ADDED:
        return _ADDED[name].format(value) if value else ""
    if name == "was_at":
        return f" from {_due(str(value), moment)}" if value else ""
    if name in {"due_at", "until_at"}:
        return _due(str(value), moment)
    if isinstance(value, list):
        return ", ".join(_LABELS.get(str(one), str(one)) for one in value)
    return str(value)


def _due(iso: str, moment: Callable[[datetime], str]) -> str:
    try:
        return moment(datetime.fromisoformat(iso))
    except ValueError:
        return iso
