"""The telephone book of a network, a JSON file: who has a telephone, what of theirs can be opened, and a call to try.

    {"phones": [{"number": "+12025550122", "name": "Dana Cole", "role": "technician",
                 "links": [{"words": "Console", "url": "http://127.0.0.1:8000/"}]}],
     "steps": [{"words": "Dial as the customer.", "who": ["+12025550111"],
                "acts": [{"act": "dial", "to": "+18005550100"}],
                "until": {"kind": "dialled"}}],
     "meanwhile": [{"heard": "or 2 for something else", "keys": "2"}]}

``steps`` are what a newcomer does, one after the other. A step is done when the transcript (``transcript.py``) has an
entry of that ``kind`` for one of these telephones, with ``text`` if there is one; ``until`` may name others in its own
``who``. ``acts`` are what the page does when it plays the call: those of the control API, each by the first of
``who`` that can. ``meanwhile``: keys for questions that not every call asks, pressed by whoever hears these words then.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from twilio_simulator.numbers import is_e164

#: What each act says besides, if anything.
ACTS: Final = {
    "dial": "to",
    "answer": "",
    "decline": "",
    "press": "keys",
    "say": "text",
    "hang-up": "",
    "drop": "",
}
SCHEMES: Final = ("http://", "https://")
Json = dict[str, Any]
T = TypeVar("T")


class NotABookError(ValueError):
    """The file is no telephone book; the message says where."""


@dataclass(frozen=True)
class Listed:
    number: str
    name: str = ""
    role: str = ""
    links: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """``steps`` and ``meanwhile`` have the shape of the file, and every step has all of its fields."""

    phones: tuple[Listed, ...] = ()
    steps: tuple[Json, ...] = ()
    meanwhile: tuple[dict[str, str], ...] = ()


def usual_steps(caller: Listed) -> tuple[Json, ...]:
    """What there is to try with an application of which nothing is known: a call that nobody plays."""
    steps = (
        (f"{caller.name or caller.number}: dial.", "dialled"),
        ("Press a key when you are asked.", "pressed"),
    )
    return tuple(
        _step({"words": words, "who": [caller.number], "until": {"kind": kind}})
        for words, kind in (*steps, ("Hang up.", "hung-up"))
    )


def read_book(path: Path) -> Book:
    """Raise NotABookError, or OSError where there is no such file."""
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NotABookError(f"{path} is not JSON: {error}") from error
    return book_from(words)


def book_from(words: Any) -> Book:
    """Raise NotABookError."""
    return Book(
        tuple(_each(words, "phones", _listed)),
        tuple(_each(words, "steps", _step)),
        tuple(_each(words, "meanwhile", _answer)),
    )


def _listed(words: Any) -> Listed:
    links = _each(words, "links", _link)
    return Listed(_number(_text(words, "number")), _text(words, "name"), _text(words, "role", ""), links)


def _link(words: Any) -> dict[str, str]:
    url = _text(words, "url")
    if not url.startswith(SCHEMES):
        raise NotABookError(f"{url!r} begins with neither of {', '.join(SCHEMES)}")
    return {"words": _text(words, "words"), "url": url}


def _step(words: Any) -> Json:
    who = _each(words, "who", _number)
    until = words.get("until")
    seen_at = _each(until, "who", _number) or who
    if not seen_at:
        raise NotABookError(f"nobody does {_text(words, 'words')!r}: who")
    return {
        "words": _text(words, "words"),
        "who": who,
        "acts": [act | {"who": act["who"] or who} for act in _each(words, "acts", _act)],
        "until": {"who": seen_at, "kind": _text(until, "kind"), "text": _text(until, "text", "")},
    }


def _act(words: Any) -> Json:
    act = _text(words, "act")
    if act not in ACTS:
        raise NotABookError(f"{act!r} is none of {', '.join(ACTS)}")
    said = {ACTS[act]: _text(words, ACTS[act])} if ACTS[act] else {}
    return {"act": act, "who": _each(words, "who", _number), **said}


def _answer(words: Any) -> dict[str, str]:
    return {"heard": _text(words, "heard"), "keys": _text(words, "keys")}


def _number(number: Any) -> str:
    if not isinstance(number, str) or not is_e164(number):
        raise NotABookError(f"{number!r} is not a number like +12025550111")
    return number


def _text(words: Any, name: str, usual: str | None = None) -> str:
    value = words.get(name, usual) if isinstance(words, dict) else None
    if not isinstance(value, str):
        raise NotABookError(f"{name} is missing, or is not text, in {json.dumps(words)[:200]}")
    return value


def _each(words: Any, name: str, make: Callable[[Any], T]) -> list[T]:
    value = words.get(name, []) if isinstance(words, dict) else None
    if not isinstance(value, list):
        raise NotABookError(f"{name} is not a list in {json.dumps(words)[:200]}")
    return [make(one) for one in value]
