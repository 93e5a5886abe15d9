"""The vocabulary that flows are written in."""

from twilio.twiml.voice_response import VoiceResponse as Reply

from ivr.voice.flow import Flow, Step
from ivr.voice.reply import POUND, ask, choose, hang_up, hear_out, join, listen, music, record, say
from ivr.voice.turn import Turn
from ivr.voice.words import _

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
