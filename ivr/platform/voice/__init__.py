"""The vocabulary that flows are written in."""

from twilio.twiml.voice_response import VoiceResponse as Reply

from ivr.platform.voice.flow import Flow, Step
from ivr.platform.voice.reply import POUND, ask, choose, hang_up, hear_out, join, listen, music, record, say
from ivr.platform.voice.translations import _
from ivr.platform.voice.turn import Turn

__all__ = [
    "POUND",
    "Flow",
    "Reply",
    "Step",
    "Turn",
    "_",
    "ask",
    "choose",
    "hang_up",
    "hear_out",
    "join",
    "listen",
    "music",
    "record",
    "say",
]
