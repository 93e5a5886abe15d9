"""Turns of phrase that more than one flow uses."""

from typing import Final

from ivr.callcenter.calls.service import Call
from ivr.callcenter.intake import service as intakes
from ivr.company.policy import service as policy
from ivr.platform.voice import Turn, _

#: How each language is offered, in itself, to whoever hears the other one.
OFFERED: Final = {"es": "Para español, oprima el 9.", "en": "For English, press 9."}


def twice(question: str) -> tuple[str, str]:
    """A question, and the same again for whoever was not understood."""
    return question, f"{_('I did not get that.')} {question}"


def other_language(turn: Turn[Call]) -> tuple[str, str] | None:
    """The language that the caller does not hear now: its code, and the sentence that offers it.

    None when the owner offers no other.
    """
    code = "en" if turn.subject.language == "es" else "es"
    return (code, OFFERED[code]) if code in policy.current().languages else None


def in_other_language(turn: Turn[Call]) -> Turn[Call]:
    """The caller pressed 9: from here on the line speaks the other language, and remembers it."""
    offered = other_language(turn)
    if offered is None:
        return turn
    code, _words = offered
    intakes.speak(turn.subject.intake, code)
    return turn.now_in(code)
