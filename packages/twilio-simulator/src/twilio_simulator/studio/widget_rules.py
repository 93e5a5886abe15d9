"""What a widget may say in a definition: its properties, those it needs, and the events that leave it.

From Twilio's own JSON schemas of 2019-09 (Studio, schemas); only the widgets that are performed here.
"""

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class WidgetRules:
    """``properties`` by name, each with the type that JSON has for it."""

    events: tuple[str, ...]
    properties: dict[str, type] = field(default_factory=dict)
    needed: tuple[str, ...] = ()


_SPOKEN: Final[dict[str, type]] = {"say": str, "play": str, "voice": str, "language": str, "loop": int}

WIDGETS: Final = {
    "trigger": WidgetRules(
        (
            "incomingCall",
            "incomingMessage",
            "incomingConversationMessage",
            "incomingRequest",
            "incomingParent",
        )
    ),
    "say-play": WidgetRules(("audioComplete",), {**_SPOKEN, "digits": str}),
    "gather-input-on-call": WidgetRules(
        ("keypress", "speech", "timeout"),
        {
            **_SPOKEN,
            "timeout": int,
            "finish_on_key": str,
            "stop_gather": bool,
            "number_of_digits": int,
            "save_response_as": str,
            "hints": str,
            "gather_language": str,
            "speech_timeout": str,
            "speech_model": str,
            "profanity_filter": str,
        },
    ),
    "split-based-on": WidgetRules(("noMatch", "match"), {"input": str}, ("input",)),
    "set-variables": WidgetRules(("next",), {"variables": list}),
    "connect-call-to": WidgetRules(
        ("callCompleted", "hangup"),
        {
            "noun": str,
            "to": str,
            "caller_id": str,
            "timeout": int,
            "time_limit": str,
            "record": bool,
        },
        ("noun", "caller_id", "to"),
    ),
    "record-voicemail": WidgetRules(
        ("recordingComplete", "noAudio", "hangup"),
        {
            "timeout": int,
            "finish_on_key": str,
            "max_length": int,
            "transcribe": bool,
            "transcription_callback_url": str,
            "trim": str,
            "play_beep": str,
            "recording_status_callback_url": str,
        },
    ),
}

#: The other widgets of Twilio's.
NOT_PERFORMED: Final = frozenset(
    {
        "add-member-to-chat-channel",
        "add-twiml-redirect",
        "capture-payments",
        "connect-virtual-agent",
        "connect-virtual-agent-v2",
        "create-chat-channel",
        "create-task",
        "enqueue-call",
        "fork-stream",
        "make-http-request",
        "make-outgoing-call-v1",
        "make-outgoing-call-v2",
        "record-call",
        "run-function",
        "run-function-v2",
        "run-subflow",
        "search-in-segment-profile",
        "send-and-wait-for-reply",
        "send-message",
        "send-to-auto-pilot",
        "send-to-flex",
        "understand",
        "update-sync-object",
    }
)

#: Twilio has these too; what they take for a time, and in which zone, it does not say.
TIME_COMPARISONS: Final = ("is_before_time", "is_after_time", "is_before_date", "is_after_date")
