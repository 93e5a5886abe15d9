"""The widgets of a flow that the network hosts, in its own form (Twilio, Studio flow definition).

Each returns one state. ``then`` is the name of the next one; None ends the flow, and with it the call.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ivr.core.text import readable
from ivr.platform.voice import translations
from ivr.platform.voice.reply import SILENCE_ENDS_RECORDING

State = dict[str, Any]

#: Seconds in which a key is pressed, and of a ring.
FOR_A_KEY: Final = 4
RINGS: Final = 25
#: What the network would read as its own: templates, and marks of XML.
_MARKS: Final = str.maketrans(dict.fromkeys("{}<>", " "))
_AND: Final = {"en": " and ", "es": " y "}


def definition(description: str, states: Sequence[State]) -> dict[str, Any]:
    """Return a whole flow: an incoming call begins with the first of these states."""
    events = ("incomingMessage", "incomingConversationMessage", "incomingRequest", "incomingParent")
    trigger = _state("Trigger", "trigger", {"incomingCall": states[0]["name"], **dict.fromkeys(events)})
    return {
        "description": _plain(description),
        # The network's page draws each widget somewhere: one below the other.
        "states": [
            {**one, "properties": {**one["properties"], "offset": {"x": 0, "y": 240 * place}}}
            for place, one in enumerate([trigger, *states])
        ],
        "initial_state": "Trigger",
        "flags": {"allow_concurrent_calls": True},
    }


def menu(name: str, words: str, *, then: str, silence: str) -> State:
    """Ask for one key."""
    return _state(
        name,
        "gather-input-on-call",
        {"keypress": then, "speech": None, "timeout": silence},
        **_spoken(words),
        number_of_digits=1,
        timeout=FOR_A_KEY,
        stop_gather=True,
    )


def say(name: str, words: str, *, then: str | None) -> State:
    """Speak, in the language of the moment."""
    return _state(name, "say-play", {"audioComplete": then}, **_spoken(words))


def ring(name: str, number: str, *, shown: str, longest_seconds: int, then: str) -> State:
    """Connect the caller with whoever answers at this number, which sees the number ``shown``."""
    return _state(
        name,
        "connect-call-to",
        {"callCompleted": then, "hangup": None},
        noun="number",
        to=number,
        caller_id=shown,
        timeout=RINGS,
        time_limit=str(longest_seconds),
    )


def record(name: str, *, longest_seconds: int, then: str, silence: str) -> State:
    """Record after a tone until the pound key, five seconds of silence or the end. ``silence``: nothing was said."""
    return _state(
        name,
        "record-voicemail",
        {"recordingComplete": then, "noAudio": silence, "hangup": None},
        max_length=longest_seconds,
        timeout=SILENCE_ENDS_RECORDING,
        finish_on_key="#",
        play_beep="true",
        trim="do-not-trim",
        transcribe=False,
    )


def split(name: str, on: str, choices: Mapping[Sequence[str], str | None], *, otherwise: str) -> State:
    """Go on by what a widget has heard: ``on`` is its name and the value's, such as ``menu_en.Digits``."""
    value = f"{{{{widgets.{on}}}}}"
    state = _state(name, "split-based-on", {"noMatch": otherwise}, input=value)
    for wanted, then in choices.items():
        condition = {
            "friendly_name": " or ".join(wanted),
            "arguments": [value],
            "type": "matches_any_of",
            "value": ", ".join(wanted),
        }
        state["transitions"].append({"event": "match", "conditions": [condition], **_next(then)})
    return state


def _state(name: str, kind: str, events: Mapping[str, str | None], **properties: Any) -> State:
    transitions = [{"event": event, **_next(then)} for event, then in events.items()]
    return {"name": name, "type": kind, "transitions": transitions, "properties": properties}


def _next(then: str | None) -> dict[str, str]:
    return {"next": then} if then else {}


def _spoken(words: str) -> dict[str, Any]:
    voice, code = translations.VOICES[translations.language.get()]
    return {"say": _plain(words), "voice": voice, "language": code, "loop": 1}


def _plain(words: str) -> str:
    spoken = readable(words).replace("&", _AND[translations.language.get()]).translate(_MARKS)
    return " ".join(spoken.split())
