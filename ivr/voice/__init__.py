"""The vocabulary that flows are written in."""

from twilio.twiml.voice_response import VoiceResponse as Reply

from ivr.voice.flow import Flow, Step
from ivr.voice.reply import ask, choose, hang_up, join, listen, music, record, say
from ivr.voice.turn import Turn
from ivr.voice.words import _

__all__ = [
    "Flow",
    "Reply",
    "Step",
    "Turn",
    "_",
    "ask",
    "choose",
    "hang_up",
    "join",
    "listen",
    "music",
    "record",
    "say",
]
