"""The vocabulary that flows are written in."""

from twilio.twiml.voice_response import VoiceResponse as Reply

from ivr.platform.voice.flow import Flow, Step
from ivr.platform.voice.questions import (
    POUND,
    announce,
    announce_then_listen,
    ask,
    choose,
    play_then_one_key,
    say_then_one_key,
)
from ivr.platform.voice.reply import SILENCE_ENDS_RECORDING, hang_up, join_conference, music, record, say
from ivr.platform.voice.retry import redirect_to_same_step
from ivr.platform.voice.speech import InLanguage, Sound, say_in_every_language, say_unrecorded, version
from ivr.platform.voice.translations import _, speaking
from ivr.platform.voice.turn import Turn
from ivr.platform.voice.words import is_small_talk, says_what_about, spoken_key, wants_a_person

__all__ = [
    "POUND",
    "SILENCE_ENDS_RECORDING",
    "Flow",
    "InLanguage",
    "Reply",
    "Sound",
    "Step",
    "Turn",
    "_",
    "announce",
    "announce_then_listen",
    "ask",
    "choose",
    "hang_up",
    "is_small_talk",
    "join_conference",
    "music",
    "play_then_one_key",
    "record",
    "redirect_to_same_step",
    "say",
    "say_in_every_language",
    "say_then_one_key",
    "say_unrecorded",
    "says_what_about",
    "speaking",
    "spoken_key",
    "version",
    "wants_a_person",
]
