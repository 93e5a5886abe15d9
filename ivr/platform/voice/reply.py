"""What a step can answer. A reply is Twilio's own VoiceResponse, so all of its methods stay within reach."""

from collections.abc import Mapping
from typing import Any, TypeVar

from twilio.twiml.voice_response import Dial, Gather
from twilio.twiml.voice_response import VoiceResponse as Reply

from ivr.platform.voice import translations
from ivr.platform.voice.flow import Step
from ivr.platform.voice.runtime import runtime
from ivr.platform.voice.turn import Turn

S = TypeVar("S")

#: ``keys``: as many as there are until the pound key, and no words.
POUND = 0

#: Words of the trade, so that the recogniser expects them.
HINTS = (
    "operator, representative, agent, person, operador, agente, representante, persona, "
    "phone system, telephone system, phones, voicemail, extension, handset, headset, dial tone, no dial tone, "
    "auto attendant, front desk, trunk, T1, PRI, SIP, VoIP, PBX, server, switch, router, network, cabling, "
    "power outage, battery, static, echo, cannot call out, cannot receive calls, caller ID, hold music, paging"
)


def say(turn: Turn[Any], *spoken: str) -> Reply:
    """Speak, after whatever the turn had to say first."""
    reply = Reply()
    _speak(reply, *turn.preface, *spoken)
    return reply


def ask(
    turn: Turn[S],
    *prompts: str,
    then: Step[S],
    keys: int | None = None,
    also: tuple[str, str] | None = None,
    seconds: int = 5,
    sound: str | None = None,
    first_sound: str | None = None,
    unheard: Step[S] | None = None,
) -> Reply:
    """Speak the prompt of this try and wait for ``keys`` digits, or for words when none are named.

    Silence and a wrong answer both spend a try. After the last prompt the call goes to ``unheard``, or to the flow's
    way out. ``also`` is a sentence in another language: its code and its words; ``sound`` the URL of a clip,
    or a path below our own; ``first_sound`` is one that stands before the prompt.
    """
    if turn.attempt > len(prompts):
        return (unheard or _way_out(turn))(turn)
    ids = {**turn.ids, "attempt": turn.attempt}
    # Whoever asks for a person in words is heard at every question of a caller's. A number is spoken at the first try
    # and keyed in peace at the next: background noise must not be taken for digits.
    in_words = keys is None or (
        keys != POUND and turn.step.flow.person is not None and (keys == 1 or turn.attempt == 1)
    )
    listening: dict[str, object] = {"input": "dtmf speech" if in_words else "dtmf"}
    listening |= {"finish_on_key": "#"} if keys == POUND else {"num_digits": keys or 1}
    if in_words:
        listening |= {
            # Whole seconds: Twilio refuses "auto" with its default model (13335).
            "speech_timeout": "2",
            "hints": HINTS,
            "language": translations.VOICES[translations.language.get()][1],
            "profanity_filter": False,  # the caller's words are kept as they are
        }
    reply = Reply()
    gather = Gather(action=then.path(**ids), timeout=seconds, **listening)
    _speak(gather, *turn.preface)
    if first_sound:
        gather.play(_heard_at(first_sound))
    _speak(gather, prompts[turn.attempt - 1])
    if also:
        voice, code = translations.VOICES[also[0]]
        gather.say(also[1], voice=voice, language=code)
    if sound:
        gather.play(_heard_at(sound))
    reply.append(gather)
    reply.redirect(turn.step.path(**{**ids, "attempt": turn.attempt + 1}))
    return reply


def choose(turn: Turn[S], menu: Mapping[str, Step[S]], *, otherwise: Step[S]) -> Reply:
    """Go where the key leads; zero and "operator" lead to a person; any other key asks again, clearer."""
    if turn.digits in menu:
        return menu[turn.digits](turn)
    if turn.wants_a_person and turn.step.flow.person:
        return turn.step.flow.person(turn)
    return otherwise.again(turn)


def hear_out(turn: Turn[S], spoken: str, *, then: Step[S]) -> Reply:
    """Speak, and hear one key until a second after it. That none comes is an answer too."""
    reply = Reply()
    gather = Gather(
        action=then.path(**turn.ids), input="dtmf", num_digits=1, timeout=1, action_on_empty_result=True
    )
    _speak(gather, *turn.preface, spoken)
    reply.append(gather)
    return reply


def listen(turn: Turn[S], spoken: str, *, then: Step[S], play: str, seconds: int) -> Reply:
    """Speak, play a sound for about so many seconds, and hear one key meanwhile. What comes next is up to the step."""
    reply = Reply()
    gather = Gather(action=then.path(**turn.ids), input="dtmf", num_digits=1, timeout=1)
    _speak(gather, *turn.preface, spoken)
    gather.play(_public(f"/sounds/{play}.wav"), loop=max(1, seconds // SOUND_SECONDS[play]))
    reply.append(gather)
    return reply


def join(turn: Turn[S], room: str, *, afterwards: Step[S], is_caller: bool) -> Reply:
    """Into the conference. Only the caller's leg ends it; staff leave it with the star key for ``afterwards``.

    The conference's status callback belongs to whoever is first in (Twilio, Conference), so everybody sets it.
    """
    reply = say(turn)
    dial = Dial(action=afterwards.path(**turn.ids), hangup_on_star=not is_caller)
    dial.conference(
        room,
        beep="false",
        start_conference_on_enter=True,
        end_conference_on_exit=is_caller,
        wait_url=_public("/voice/hold_music"),
        status_callback=_public("/voice/conference"),
        status_callback_method="POST",  # Twilio's page names two defaults
        status_callback_event="start end join leave hold",
    )
    reply.append(dial)
    return reply


def hang_up(turn: Turn[Any], *spoken: str) -> Reply:
    """Speak, if there is something to say, and end this leg."""
    reply = say(turn, *spoken)
    reply.hangup()
    return reply


#: Sounds of ours, and how long each plays once.
SOUND_SECONDS = {"music": 16, "ringing": 6}


def record(turn: Turn[S], spoken: str, *, then: Step[S]) -> Reply:
    """Speak, then record up to a minute; the pound key, five seconds of silence or hanging up end it.

    What was said comes as a transcript later, in English only (Twilio, Record, transcribe).
    """
    reply = say(turn, spoken)
    is_english = translations.language.get() == "en"
    transcript = (
        {"transcribe": True, "transcribe_callback": _public("/voice/transcript")} if is_english else {}
    )
    reply.record(
        action=then.path(**turn.ids),
        max_length=60,
        timeout=5,
        finish_on_key="#",
        play_beep=True,
        **transcript,
    )
    return reply


def music() -> Reply:
    """The document for whoever is held or is first in a conference: music until somebody comes."""
    reply = Reply()
    reply.play(_public("/sounds/music.wav"), loop=0)
    return reply


def _way_out(turn: Turn[S]) -> Step[S]:
    way_out = turn.step.flow.unheard
    if way_out is None:
        raise LookupError(f"the flow {turn.step.flow.name} has no way out")
    return way_out


def _speak(to: Reply | Gather, *spoken: str) -> None:
    voice, code = translations.VOICES[translations.language.get()]
    recorded = runtime().recorded_prompts(translations.language.get())
    for sentence in filter(None, spoken):
        for part in translations.parts(sentence, recorded):
            if part in recorded:
                to.play(_public(recorded[part]))
            else:
                to.say(part, voice=voice, language=code)


def _heard_at(sound: str) -> str:
    return _public(sound) if sound.startswith("/") else sound


def _public(path: str) -> str:
    return runtime().public_url + path
