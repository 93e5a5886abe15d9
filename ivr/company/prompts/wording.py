"""The owner's own words for a prompt: what must be in them, and how long they may be. Pure.

People write a value as they read it on the page, ``[callback number]``; the voice needs ``%(callback_number)s``.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ivr.core.errors import Refusal
from ivr.core.text import readable
from ivr.platform.voice import pace

#: Letters: the column holds more, and every prompt that can be said in time is shorter.
LONGEST: Final = 500
#: Values that are the same at each call: a prompt with no others may be recorded.
SAME_AT_EACH_CALL: Final = frozenset({"company"})

_VALUE: Final = re.compile(r"%\((\w+)\)s")
_BRACKETS: Final = re.compile(r"\[([^\[\]]*)\]")
#: A key is one digit by itself. Digits in a row are an example of a number.
_IN_A_ROW: Final = re.compile(r"\b\d(?:,? \d)+\b")
_DIGIT: Final = re.compile(r"\b\d\b")
#: How the other two keys are called, in English and in Spanish.
_NAMED_KEYS: Final = {
    "the star key": re.compile(r"\b(star|asterisk|asterisco|estrella)\b", re.IGNORECASE),
    "the pound key": re.compile(
        r"\b(pound|hash|tecla de número|tecla numeral|numeral|almohadilla|gato)\b", re.IGNORECASE
    ),
}


class EmptyWordsError(Refusal):
    message = "Type what callers hear, or go back to the original."


class LongTextError(Refusal):
    message = f"That is more than {LONGEST} characters. Shorten it."


class MissingValueError(Refusal):
    message = "A part in brackets is missing."


class UnknownValueError(Refusal):
    message = "A part in brackets is not known here."


class MissingKeyError(Refusal):
    message = "A key is missing."


class TooLongToSayError(Refusal):
    message = "That takes too long to say."


def values(template: str) -> list[str]:
    """Return the names of the values in it, in their order."""
    return _VALUE.findall(template)


def shown(template: str) -> str:
    """Return a template as people read and type it. A text without values has no doubled percent signs."""
    return _VALUE.sub(lambda found: f"[{_spaced(found[1])}]", template)


def typed(template: str) -> str:
    """Return the owner's template as they have typed it."""
    return shown(template).replace("%%", "%")


def filled(text: str, known: Mapping[str, str]) -> str:
    """Return what was typed with these values in place of the brackets; a name that is not known stays."""
    return _BRACKETS.sub(lambda found: known.get(found[1].replace(" ", "_"), found[0]), text)


def read(text: str, original: str, *, longest: int) -> str:
    """Return the template of what was typed for a prompt whose ``original`` is the built-in text.

    ``longest`` is in seconds. Raises one of the refusals above.
    """
    words = " ".join(readable(text).split())
    if not words:
        raise EmptyWordsError
    if len(words) > LONGEST:
        raise LongTextError
    _look_at_values(_BRACKETS.findall(words), [_spaced(name) for name in values(original)])
    _look_at_keys(words, original)
    if (takes := pace.seconds(words)) > longest:
        raise TooLongToSayError(f"That takes about {takes} seconds to say. {longest} is the most here.")
    return _BRACKETS.sub(lambda found: f"%({found[1].replace(' ', '_')})s", words.replace("%", "%%"))


def _look_at_values(found: Sequence[str], wanted: Sequence[str]) -> None:
    for name in found:
        if name not in wanted:
            know = ", ".join(f"[{one}]" for one in dict.fromkeys(wanted))
            what = f"Here you can use {know}." if know else "Leave the brackets out."
            raise UnknownValueError(f"Nothing is filled in for [{name}]. {what}")
    for name in wanted:
        if name not in found:
            raise MissingValueError(f"Keep [{name}]: it is filled in at each call.")


def _look_at_keys(words: str, original: str) -> None:
    here = set(_DIGIT.findall(words))
    for key in dict.fromkeys(_DIGIT.findall(_IN_A_ROW.sub("", original))):
        if key not in here:
            raise MissingKeyError(
                f"Say what the key {key} does, with the digit {key}: callers press it here."
            )
    for name, pattern in _NAMED_KEYS.items():
        if pattern.search(original) and not pattern.search(words):
            raise MissingKeyError(f"Say what {name} does: people press it here.")


def _spaced(name: str) -> str:
    return name.replace("_", " ")
