"""Definitions of flows, for the tests of Studio: short to write, and whole as Twilio wants them."""

from typing import Any

from simulator_tests.lab import TECHNICIAN

Json = dict[str, Any]


def widget(name: str, kind: str, properties: Json, **leads: str | None) -> Json:
    """``leads``: which event leads to which widget; None ends the flow."""
    transitions = [
        {"event": event, "next": following} if following else {"event": event}
        for event, following in leads.items()
    ]
    return {"name": name, "type": kind, "properties": properties, "transitions": transitions}


def say(name: str, words: str, following: str | None = None, language: str = "en-US") -> Json:
    return widget(name, "say-play", {"say": words, "language": language}, audioComplete=following)


def split(name: str, tested: str, matches: dict[str, str | None], other: str | None = None) -> Json:
    """``matches``: which value leads to which widget."""
    made = widget(name, "split-based-on", {"input": tested}, noMatch=other)
    for value, following in matches.items():
        made["transitions"].append(match(tested, "equal_to", value, following))
    return made


def match(tested: str, comparison: str, value: str, following: str | None) -> Json:
    condition = {"friendly_name": value, "arguments": [tested], "type": comparison, "value": value}
    return {"event": "match", "conditions": [condition], **({"next": following} if following else {})}


def definition(*widgets: Json) -> Json:
    """A flow whose calls begin with the first of these widgets."""
    trigger = widget("Trigger", "trigger", {"offset": {"x": 0, "y": 0}}, incomingCall=widgets[0]["name"])
    return {
        "description": "a flow of the tests",
        "states": [trigger, *widgets],
        "initial_state": "Trigger",
        "flags": {"allow_concurrent_calls": True},
    }


def continuity() -> Json:
    """What a company hosts for the day on which its own service is down: 1 rings somebody, else a message."""
    return definition(
        widget(
            "menu",
            "gather-input-on-call",
            {"say": "To ring our technician, press 1.", "number_of_digits": 1, "timeout": 5},
            keypress="chosen",
            speech="ask",
            timeout="ask",
        ),
        split("chosen", "{{widgets.menu.Digits}}", {"1": "ring"}, "ask"),
        widget(
            "ring",
            "connect-call-to",
            {
                "noun": "number",
                "to": TECHNICIAN,
                "caller_id": "{{contact.channel.address}}",
                "timeout": 20,
            },
            callCompleted="reached",
            hangup=None,
        ),
        split("reached", "{{widgets.ring.DialCallStatus}}", {"completed": None}, "ask"),
        say("ask", "Please leave a message.", "message"),
        widget(
            "message",
            "record-voicemail",
            {
                "max_length": 120,
                "timeout": 5,
                "play_beep": "true",
                "finish_on_key": "#",
                "transcribe": False,
            },
            recordingComplete="thanks",
            noAudio="nothing",
            hangup="mark",
        ),
        say("thanks", "Thank you. We will ring {{trigger.call.From}}."),
        say("nothing", "We heard nothing."),
        widget("mark", "set-variables", {"variables": [{"key": "gone", "value": "yes"}]}, next=None),
    )
