"""The document that a widget of a flow is: what Twilio performs for it, verb by verb.

``given`` are the properties of the widget, its templates rendered; ``action`` is the URL of the flow, to which the
verbs report.
"""

from collections.abc import Callable
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

from twilio_simulator.studio.definition import State

Properties = dict[str, Any]


def document(state: State, given: Properties, action: str) -> bytes:
    root = Element("Response")
    root.append(_VERBS[state.type](given, action))
    if state.type == "gather-input-on-call":
        # It listens for words only where they lead somewhere (Twilio support, Speech Recognition Caveats).
        root[0].set("input", "dtmf speech" if state.next("speech") else "dtmf")
    return tostring(root)


def _spoken(given: Properties) -> Element:
    loop = str(given.get("loop", 1))
    if given.get("play"):
        played = Element("Play", {"loop": loop})
        played.text = given["play"]
        return played
    said = _with_marks(given.get("say", ""))
    said.set("loop", loop)
    for name in ("voice", "language"):
        if given.get(name):
            said.set(name, given[name])
    return said


def _with_marks(words: str) -> Element:
    """Words may have marks of SSML in them; what is no mark is said as it stands."""
    try:
        return fromstring(f"<Say>{words}</Say>")  # noqa: S314  # entities need a declaration, which has no place here
    except ParseError:
        said = Element("Say")
        said.text = words
        return said


def _say_play(given: Properties, _action: str) -> Element:
    return Element("Play", {"digits": given["digits"]}) if given.get("digits") else _spoken(given)


def _gather(given: Properties, action: str) -> Element:
    stops = given.get("stop_gather", True)
    attributes = {
        "action": action,
        "timeout": str(given.get("timeout", 5)),
        "finishOnKey": given.get("finish_on_key", "#") if stops else "",
        "speechTimeout": given.get("speech_timeout") or "auto",
    } | _named(
        given,
        number_of_digits="numDigits",
        gather_language="language",
        hints="hints",
        speech_model="speechModel",
        profanity_filter="profanityFilter",
    )
    gather = Element("Gather", attributes)
    if given.get("say") or given.get("play"):
        gather.append(_spoken(given))
    return gather


def _dial(given: Properties, action: str) -> Element:
    attributes = {
        "action": action,
        "callerId": given["caller_id"],
        "timeout": str(given.get("timeout", 30)),
        "record": "record-from-answer" if given.get("record") else "do-not-record",
    } | _named(given, time_limit="timeLimit")
    dial = Element("Dial", attributes)
    numbers = given["to"].split(",") if given["noun"] == "number-multi" else [given["to"]]
    for number in numbers:
        SubElement(dial, "Number").text = number.strip()
    return dial


def _record(given: Properties, action: str) -> Element:
    attributes = {
        "action": action,
        "timeout": str(given.get("timeout", 5)),
        "finishOnKey": given.get("finish_on_key", ""),
        "maxLength": str(given.get("max_length", 3600)),
        "playBeep": given.get("play_beep", "true"),
        "transcribe": "true" if given.get("transcribe") else "false",
    } | _named(
        given,
        trim="trim",
        transcription_callback_url="transcribeCallback",
        recording_status_callback_url="recordingStatusCallback",
    )
    return Element("Record", attributes)


def _named(given: Properties, **names: str) -> dict[str, str]:
    """Attributes of those properties that say something."""
    return {attribute: str(given[name]) for name, attribute in names.items() if given.get(name)}


_VERBS: Final[dict[str, Callable[[Properties, str], Element]]] = {
    "say-play": _say_play,
    "gather-input-on-call": _gather,
    "connect-call-to": _dial,
    "record-voicemail": _record,
}
