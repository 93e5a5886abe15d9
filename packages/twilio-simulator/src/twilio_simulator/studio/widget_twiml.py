"""The document that a widget of a flow is: what Twilio performs for it, verb by verb.

``given`` are the properties of the widget, its templates rendered; ``action`` is the URL of the flow, to which the
verbs report.
"""

from collections.abc import Callable
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

Properties = dict[str, Any]


def document(kind: str, given: Properties, action: str) -> bytes:
    root = Element("Response")
    root.append(_VERBS[kind](given, action))
    return tostring(root)


def _spoken(given: Properties) -> Element:
    loop = str(given.get("loop", 1))
    if given.get("play"):
        played = Element("Play", {"loop": loop})
        played.text = given["play"]
        return played
    voice = {name: given[name] for name in ("voice", "language") if given.get(name)}
    said = Element("Say", {"loop": loop, **voice})
    said.text = given.get("say", "")
    return said


def _say_play(given: Properties, _action: str) -> Element:
    return Element("Play", {"digits": given["digits"]}) if given.get("digits") else _spoken(given)


def _gather(given: Properties, action: str) -> Element:
    """It always takes both keys and words."""
    stops = given.get("stop_gather", True)
    attributes = {
        "input": "dtmf speech",
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
