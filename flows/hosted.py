"""What callers hear while nothing of ours answers: a flow that the telephone network hosts and plays by itself.

menu_en --1, 0--> talk_en: the company's other number rings --no answer--> busy_en --> ask_en
   |  |---9--> menu_es, the same in Spanish
   |  +---2, any other key--> ask_en --> record_en --a message--> thanks_en
   |                                          +------silence--> bye_en
   +--silence--> menu_es --silence--> ask_either, in each language --> record_either --> thanks_either, bye_either

It is made of today's settings, and published by ``flask --app ivr provision --continuity``. It knows no caller and asks
nothing but a key: whom to call back is known from the call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ivr.callcenter.continuity.rules import MENU, MESSAGE, OTHER_LANGUAGE, PERSON
from ivr.company.hours import sentences
from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.platform.voice import _, speaking, widgets
from ivr.platform.voice.translations import VOICES
from ivr.platform.voice.widgets import State

#: Seconds.
LONGEST_MESSAGE: Final = 120
#: In the names of what is heard by callers who have pressed nothing, in one language after the other.
EITHER: Final = "either"


@dataclass(frozen=True)
class Made:
    """What the flow is made of. ``own`` and ``rings`` are E.164: our number, and whom 1 rings.

    ``hours`` has a sentence for each language that is spoken, in their order.
    """

    company: str
    own: str
    rings: str
    hours: Mapping[str, str]
    longest_call_seconds: int


def of_today(*, own: str, rings: str) -> dict[str, Any]:
    """Return the flow as the settings of now have it, in the network's form."""
    current, calendar = policy.current(), hours.calendar()
    spoken = [code for code in VOICES if code == "en" or code in current.languages]
    week = {code: sentences.spoken_week(calendar, code) for code in spoken}
    return definition(Made(current.company_name, own, rings, week, current.longest_call_seconds))


def definition(made: Made) -> dict[str, Any]:
    """Return the flow, in the network's form."""
    spoken = list(made.hours)
    silence = [*[f"{MENU}{code}" for code in spoken[1:]], f"ask_{EITHER}_{spoken[0]}"]
    states: list[State] = []
    for code, after in zip(spoken, silence, strict=True):
        others = [one for one in spoken if one != code]
        with speaking(code):
            states += _in_language(made, code, others, silence=after)
    states += _in_each("ask", spoken, then=f"record_{EITHER}")
    states.append(_record(EITHER, first=f"_{EITHER}_{spoken[0]}"))
    states += [*_in_each("thanks", spoken, then=None), *_in_each("bye", spoken, then=None)]
    return widgets.definition(f"{made.company}: takes calls while our own service doesn't answer.", states)


def _in_language(made: Made, code: str, others: Sequence[str], *, silence: str) -> list[State]:
    greeting = _(
        "Thank you for calling %(company)s. We're sorry, our phone system has a problem right now.",
        company=made.company,
    )
    choices = _("To talk with a person, press 1. To leave a message, press 2, or stay on the line.")
    words = " ".join(filter(None, [greeting, made.hours[code], choices]))
    keys: dict[Sequence[str], str | None] = {PERSON: f"talk_{code}", MESSAGE: f"ask_{code}"}
    if others:
        keys[OTHER_LANGUAGE] = f"{MENU}{others[0]}"
    ring = widgets.ring(
        f"ring_{code}",
        made.rings,
        shown=made.own,  # a caller's own number may be withheld, and is not ours to show
        longest_seconds=made.longest_call_seconds,
        then=f"rang_{code}",
    )
    return [
        widgets.menu(f"{MENU}{code}", words, then=f"key_{code}", silence=silence),
        widgets.split(f"key_{code}", f"{MENU}{code}.Digits", keys, otherwise=f"ask_{code}"),
        widgets.say(f"talk_{code}", _("One moment, I'm finding somebody."), then=ring["name"]),
        ring,
        widgets.split(
            f"rang_{code}", f"{ring['name']}.DialCallStatus", {("completed",): None}, otherwise=f"busy_{code}"
        ),
        widgets.say(f"busy_{code}", _("I'm sorry, everybody is busy."), then=f"ask_{code}"),
        widgets.say(f"ask_{code}", _words("ask"), then=f"record_{code}"),
        _record(code, first=f"_{code}"),
        widgets.say(f"thanks_{code}", _words("thanks"), then=None),
        widgets.say(f"bye_{code}", _words("bye"), then=None),
    ]


def _in_each(what: str, spoken: Sequence[str], *, then: str | None) -> list[State]:
    """Return the states that say the same in one language after the other."""
    names = [f"{what}_{EITHER}_{code}" for code in spoken]
    states = []
    for code, name, following in zip(spoken, names, [*names[1:], then], strict=True):
        with speaking(code):
            states.append(widgets.say(name, _words(what), then=following))
    return states


def _words(what: str) -> str:
    match what:
        case "ask":
            return _(
                "Please leave your name, your number and a message after the tone. Press the pound key to end."
            )
        case "thanks":
            return _("Thank you. We'll call you back. Goodbye.")
        case _:
            return _("Thank you for calling. Goodbye.")


def _record(name: str, *, first: str) -> State:
    """``first`` ends the names of what is said first after it: after a message, and after silence."""
    return widgets.record(
        f"record_{name}", longest_seconds=LONGEST_MESSAGE, then=f"thanks{first}", silence=f"bye{first}"
    )
