"""Behaviours as words: what a program or a page sends, and what it is told."""

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from twilio_simulator.behaviours import (
    PLAIN,
    AutoAttendant,
    Behaviour,
    DoublesKeys,
    Person,
    Robot,
    ScreenedPerson,
    Voicemail,
)

#: The name of each that acts by itself.
NAMED: Final[dict[str, type[Person | ScreenedPerson | Voicemail | Robot | AutoAttendant]]] = {
    "person": Person,
    "screened_person": ScreenedPerson,
    "voicemail": Voicemail,
    "robot": Robot,
    "auto_attendant": AutoAttendant,
}
DOUBLES: Final = "doubles_keys"
NAMES: Final = (*PLAIN, *NAMED, DOUBLES)
#: At the other end of a line that doubles keys.
BEHIND: Final = ("manual", "person", "screened_person")
LETTERS_AT_MOST: Final = 1000
SENTENCES_AT_MOST: Final = 50
AT_MOST: Final[dict[type, int]] = {int: 20, float: 600}


class NoSuchBehaviourError(Exception):
    """Not a behaviour, or not one of its settings; the text says what there is."""


def behaviour_from(words: Mapping[str, Any]) -> Behaviour:
    """``{"behaviour": "person", "hellos": 2}``. What is missing or empty is as usual; figures may be text.

    Raises NoSuchBehaviourError.
    """
    name = words.get("behaviour")
    settings = {key: value for key, value in words.items() if key != "behaviour"}
    for plain in PLAIN:
        if name == plain:
            return plain
    if name == DOUBLES:
        return _doubling(settings)
    if not isinstance(name, str) or name not in NAMED:
        raise NoSuchBehaviourError(f"behaviour: {', '.join(NAMES)}")
    return NAMED[name](**_values(name, NAMED[name], settings))


def behaviour_words(behaviour: Behaviour) -> dict[str, Any]:
    """The same the other way round, with all its settings."""
    if isinstance(behaviour, str):
        return {"behaviour": behaviour}
    if isinstance(behaviour, DoublesKeys):
        who = behaviour_words(behaviour.who)
        return {**who, "behaviour": DOUBLES, "who": who["behaviour"], "apart": behaviour.apart}
    name = next(name for name, kind in NAMED.items() if isinstance(behaviour, kind))
    return {"behaviour": name} | {field.name: getattr(behaviour, field.name) for field in fields(behaviour)}


def _doubling(settings: dict[str, Any]) -> DoublesKeys:
    apart = _number("apart", settings.pop("apart", None) or DoublesKeys.apart, float)
    who = settings.pop("who", None) or "manual"
    match behaviour_from({**settings, "behaviour": who}):
        case "manual":
            return DoublesKeys("manual", apart)
        case Person() | ScreenedPerson() as who:
            return DoublesKeys(who, apart)
        case _:
            raise NoSuchBehaviourError(f"who: {', '.join(BEHIND)}")


def _values(name: str, kind: type, settings: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    known = [field.name for field in fields(kind)]
    for key in settings:
        if key not in known:
            raise NoSuchBehaviourError(f"a {name} has no {key[:40]!r}: it has {', '.join(known)}")
    given = {key: value for key, value in settings.items() if value != "" or key == "answer"}
    return {key: _value(key, value, hints[key]) for key, value in given.items()}


def _value(name: str, value: Any, kind: Any) -> Any:
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise NoSuchBehaviourError(f"{name}: {', '.join(get_args(kind))}")
        return value
    if kind is bool:
        if str(value).lower() not in {"true", "false"}:
            raise NoSuchBehaviourError(f"{name}: true or false")
        return str(value).lower() == "true"
    if kind is str:
        return _text(name, value)
    if get_origin(kind) is tuple:
        return _sentences(name, value)
    return _number(name, value, kind)


def _number(name: str, value: Any, kind: type) -> Any:
    most = AT_MOST[kind]
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number <= most or number != kind(number):
        raise NoSuchBehaviourError(
            f"{name}: a {'whole number' if kind is int else 'number'} from 0 to {most}"
        )
    return kind(number)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LETTERS_AT_MOST:
        raise NoSuchBehaviourError(f"{name}: text of at most {LETTERS_AT_MOST} letters")
    return " ".join(value.split())


def _sentences(name: str, value: Any) -> tuple[str, ...]:
    lines = value.splitlines() if isinstance(value, str) else value
    if not isinstance(lines, list | tuple) or len(lines) > SENTENCES_AT_MOST:
        raise NoSuchBehaviourError(f"{name}: at most {SENTENCES_AT_MOST} sentences, a list or a line each")
    return tuple(text for line in lines if (text := _text(name, line)))
