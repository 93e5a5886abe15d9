"""What a step can answer. A reply is Twilio's own VoiceResponse, so all of its methods are available."""

from typing import Any, TypeVar

from twilio.twiml.voice_response import Dial
from twilio.twiml.voice_response import VoiceResponse as Reply

from ivr.platform.providers import reports
from ivr.platform.voice import translations
from ivr.platform.voice.flow import Step
from ivr.platform.voice.speech import Speech, public, speak
from ivr.platform.voice.turn import Turn

S = TypeVar("S")


def say(turn: Turn[Any], *speech: Speech) -> Reply:
    """Speak, after the turn's preface."""
    reply = Reply()
    speak(reply, *turn.preface, *speech)
    return reply


def join_conference(turn: Turn[S], name: str, *, afterwards: Step[S], is_caller: bool) -> Reply:
    """Join this leg to the conference of this name. Only the caller's leg ends it; star takes staff to ``afterwards``.

    Twilio takes the status callback of the first leg in the conference (Twilio, Conference), so every leg sets it.
    """
    reply = say(turn)
    dial = Dial(action=afterwards.path(**turn.ids), hangup_on_star=not is_caller)
    dial.conference(
        name,
        beep="false",
        start_conference_on_enter=True,
        end_conference_on_exit=is_caller,
        wait_url=public("/voice/hold_music"),
        status_callback=public("/voice/conference"),
        status_callback_method="POST",  # Twilio's page names two defaults
        status_callback_event=" ".join(reports.CONFERENCE),
    )
    reply.append(dial)
    return reply


def hang_up(turn: Turn[Any], *speech: Speech) -> Reply:
    """Speak, if there is something to say, and end this leg."""
    reply = say(turn, *speech)
    reply.hangup()
    return reply


#: Our sounds, and the seconds that each plays once.
SOUND_SECONDS = {"music": 16, "ringing": 6}


#: Seconds of silence after which a recording ends: one that is no longer has nothing in it.
SILENCE_ENDS_RECORDING = 5


def record(turn: Turn[S], spoken: str, *, then: Step[S]) -> Reply:
    """Speak, then record up to a minute; the pound key, five seconds of silence or hanging up end it.

    Twilio sends a transcript later, in English only (Twilio, Record, transcribe).
    """
    reply = say(turn, spoken)
    is_english = translations.language.get() == "en"
    transcript = (
        {"transcribe": True, "transcribe_callback": public("/voice/transcript")} if is_english else {}
    )
    reply.record(
        action=then.path(**turn.ids),
        max_length=60,
        timeout=SILENCE_ENDS_RECORDING,
        finish_on_key="#",
        play_beep=True,
        trim="do-not-trim",
        **transcript,
    )
    return reply


def music() -> Reply:
    """Return the document for a leg on hold or first in a conference: music until another leg comes."""
    reply = Reply()
    reply.play(public("/sounds/music.wav"), loop=0)
    return reply
