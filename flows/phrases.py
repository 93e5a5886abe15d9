"""Turns of phrase that more than one flow uses."""

from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.intake import service as intakes
from ivr.company.policy import service as policy
from ivr.core.phone_numbers import spoken_number
from ivr.platform.voice import SILENCE_ENDS_RECORDING, InLanguage, Turn, _, speaking


def twice(question: str) -> tuple[str, str]:
    """Return a question, and the same again for a caller who was not understood."""
    return question, " ".join([_("Sorry, I didn't get that."), question])


def time_to_key() -> str:
    """Return the question for a time of day, of four digits."""
    return _("Enter the time as four digits on a 24 hour clock. Half past one in the afternoon is 1 3 3 0.")


def spoken_phone(number: str, extension: str | None = None) -> str:
    """Return a number as it is read out, with its extension."""
    spoken = spoken_number(number)
    if extension is None:
        return spoken
    return _("%(number)s, extension %(extension)s", number=spoken, extension=" ".join(extension))


def spoken_reference(reference: str) -> str:
    """Return a reference as it is read out, three letters and three: ``K X 7, G 4 Y``."""
    return ", ".join(" ".join(part) for part in (reference[:3], reference[3:]))


def call_recorded() -> str:
    """Return what staff hear where a recording is made."""
    return _("This call is recorded.")


def number_not_dialed() -> str:
    """For staff: the customer's number may not be dialed."""
    return _("The line can't call this number. It is a task on the board, with the reason.")


def card_heard(subject: object) -> str | None:
    """Note in the customer's matter that a card number was cut down, and return what they hear of it.

    Staff hear nothing of it: their calls are made of keys.
    """
    if not isinstance(subject, CustomerCall):
        return None
    intakes.note_card_removed(subject.intake)
    return _("For your safety, please don't say or enter card numbers. We send you a link to pay.")


def is_empty(turn: Turn[CustomerCall]) -> bool:
    """Return whether a recording can be nothing but the silence that ended it. Who ends it with a key has spoken."""
    return turn.recording_seconds <= SILENCE_ENDS_RECORDING and not turn.digits


def other_language(turn: Turn[CustomerCall]) -> InLanguage | None:
    """Return the sentence that offers the language that the caller does not hear now, in that language.

    None when the owner offers no other.
    """
    code = _other_code(turn)
    if code is None:
        return None
    with speaking(code):
        return InLanguage(code, _("For English, press 9."))


def also_in_other_language(turn: Turn[CustomerCall]) -> InLanguage | None:
    """Return the sentence that asks for the key 1, in the other language that the owner offers, if any."""
    code = _other_code(turn)
    if code is None:
        return None
    with speaking(code):
        return InLanguage(code, to_reach_us())


def to_reach_us() -> str:
    return _("To reach us, press 1.")


def _other_code(turn: Turn[CustomerCall]) -> str | None:
    code = "en" if turn.subject.language == "es" else "es"
    return code if code in policy.current().languages else None


def in_other_language(turn: Turn[CustomerCall]) -> Turn[CustomerCall]:
    """The caller pressed 9: speak the other language from here on, and remember it in the intake."""
    offered = other_language(turn)
    if offered is None:
        return turn
    intakes.speak(turn.subject.intake, offered.code)
    return turn.in_language(offered.code)


def callback_number(call: CustomerCall, number: str, extension: str | None) -> str:
    """Return the number for a prompt: in words, unless it was keyed in another call than this one."""
    if (call.goes_on or call.direction == "callback") and number != call.intake.caller_number:
        return _("the number you gave us")
    return spoken_phone(number, extension)
