"""Questions: what a step answers that wants a key or words back."""

from collections.abc import Mapping
from typing import Any, TypeVar

from twilio.twiml.voice_response import Gather
from twilio.twiml.voice_response import VoiceResponse as Reply

from ivr.platform.voice import translations, words
from ivr.platform.voice.flow import NOISE_AT_MOST, Step
from ivr.platform.voice.reply import SOUND_SECONDS
from ivr.platform.voice.speech import Speech, public, speak
from ivr.platform.voice.turn import Turn

S = TypeVar("S")

#: A value of ``keys``: any number of keys until the pound key, and no words.
POUND = 0

#: Words of the trade, so that the recognizer expects them.
HINTS = (
    "operator, representative, agent, person, operador, agente, representante, persona, "
    "onsite visit, remote support, technical support, billing, scheduling, call me back, leave a message, "
    "something else, visita en el sitio, soporte a distancia, soporte técnico, facturación, "
    "dejar un mensaje, otra cosa, "
    "phone system, telephone system, phones, voicemail, extension, handset, headset, dial tone, no dial tone, "
    "auto attendant, front desk, trunk, T1, PRI, SIP, VoIP, PBX, server, switch, router, network, cabling, "
    "power outage, battery, static, echo, cannot call out, cannot receive calls, caller ID, hold music, paging"
)

#: What people say who have just picked up.
GREETINGS = (
    "hello, hello?, who is this?, who's calling?, yes, one, speaking, bueno, diga, ¿quién habla?, sí, uno"
)


def ask(
    turn: Turn[S],
    *prompts: str,
    then: Step[S],
    keys: int | None = None,
    seconds: int = 5,
    uncut: str | None = None,
    ending: Speech | None = None,
    no_input: Step[S] | None = None,
) -> Reply:
    """Speak the prompt of this try, then ``ending``, and wait for ``keys`` digits, or for words when none are named.

    ``uncut`` is spoken before, to its end: keys that are pressed meanwhile answer nothing.

    No input and a wrong key both spend a try; noise does not (``Step.again``). ``seconds`` is the silence that counts
    as no input. After the last prompt the call goes to ``no_input``, or else to the flow's fallback. Raises LookupError
    when it has none.
    """
    if turn.attempt > len(prompts):
        return (no_input or _fallback(turn))(turn)
    ids = {**turn.ids, "attempt": turn.attempt, **({"noise": turn.noise} if turn.noise else {})}
    reply = Reply()
    gather = Gather(action=then.path(**ids), timeout=seconds, **_input(turn, keys))
    if uncut:
        speak(reply, *turn.preface, uncut)
        speak(gather, prompts[turn.attempt - 1], ending)
    else:
        speak(gather, *turn.preface, prompts[turn.attempt - 1], ending)
    reply.append(gather)
    reply.redirect(turn.step.path(**{**ids, "attempt": turn.attempt + 1}))
    return reply


def _input(turn: Turn[Any], keys: int | None) -> dict[str, object]:
    """Return what Gather listens for.

    In a flow with an agent exit a caller may answer every question in words, until these turn out to be noise.
    """
    until: dict[str, object] = {"finish_on_key": "#"} if keys == POUND else {"num_digits": keys or 1}
    if keys == 1:
        until["finish_on_key"] = (
            ""  # the pound key that people press after a number comes here, and is a key like any
        )
    has_agent_exit = turn.step.flow.agent_exit_step is not None
    in_words = keys is None or (keys != POUND and has_agent_exit and turn.noise < NOISE_AT_MOST)
    if not in_words:
        return {"input": "dtmf", **until}
    return {
        "input": "dtmf speech",
        **until,
        # Whole seconds: Twilio refuses "auto" with its default model (13335).
        "speech_timeout": "2",
        "hints": HINTS,
        "language": translations.VOICES[translations.language.get()][1],
        "profanity_filter": False,  # the caller's words are kept as they are
    }


def choose(
    turn: Turn[S],
    menu: Mapping[str, Step[S]],
    *,
    no_match: Step[S],
    yes: str | None = "1",
    no: str | None = None,
    said: Mapping[str, str] | None = None,
) -> Reply:
    """Go where the key leads, pressed or named in words: "one", or an answer that ``yes`` or ``no`` has a key for.

    ``said`` has for a key the words of its option (``words.named_key``): "remote support" is the key that it has.
    Zero and "operator" lead to the flow's agent exit. Any other key spends a try of ``no_match``; other words do not,
    nor the pound key, which people press after a number that was whole before.
    """
    key = turn.digits or words.spoken_key(turn.speech, yes=yes, no=no)
    key = key or words.named_key(turn.speech, said or {})
    chosen = menu.get(key) if key is not None else None
    if chosen is None and (turn.wants_a_person or key == words.AGENT_KEY):
        chosen = turn.step.flow.agent_exit_step
    is_noise = turn.digits == "#" or (turn.speech and not turn.digits)
    if turn.step.flow.note_key and (chosen or (turn.digits and not is_noise)):
        turn.step.flow.note_key(turn.subject, chosen is not None)
    if chosen is not None:
        return chosen(turn)
    return no_match.again(turn) if is_noise else no_match.retry(turn)


def say_then_one_key(turn: Turn[S], spoken: str, *, then: Step[S], seconds: int = 1) -> Reply:
    """Speak, and hear one key until ``seconds`` after it. The network requests ``then`` even when no key comes."""
    reply = Reply()
    gather = Gather(
        action=then.path(**turn.ids),
        input="dtmf",
        num_digits=1,
        timeout=seconds,
        action_on_empty_result=True,
    )
    speak(gather, *turn.preface, spoken)
    reply.append(gather)
    return reply


def play_then_one_key(turn: Turn[S], spoken: str, *, then: Step[S], play: str, seconds: int) -> Reply:
    """Speak, play a sound of ours for about ``seconds``, and hear one key meanwhile.

    Without a key the reply goes on: the step adds what comes next.
    """
    reply = Reply()
    gather = Gather(action=then.path(**turn.ids), input="dtmf", num_digits=1, timeout=1)
    speak(gather, *turn.preface, spoken)
    gather.play(public(f"/sounds/{play}.wav"), loop=max(1, seconds // SOUND_SECONDS[play]))
    reply.append(gather)
    return reply


def announce(turn: Turn[S], *speech: Speech | None, then: Step[S]) -> Reply:
    """Speak, and hear one key meanwhile and until a second after it. Nobody listens to words, so none cut it off.

    Without a key the reply goes on: the step adds what comes next.
    """
    reply = Reply()
    gather = Gather(action=then.path(**turn.ids), input="dtmf", num_digits=1, timeout=1)
    speak(gather, *turn.preface, *speech)
    reply.append(gather)
    return reply


def announce_then_listen(
    turn: Turn[S],
    *speech: Speech | None,
    line: str,
    is_cut_by_words: bool,
    seconds: int,
    then: Step[S],
    no_input: Step[S],
) -> Reply:
    """Announce, if there is something to announce; then say a line, and hear one key or a few words.

    While it listens to words the network drops a key, so it listens during the line only if words may cut that off.
    ``seconds`` of silence after it lead to ``no_input``, as its next attempt.
    """
    reply = announce(turn, *speech, then=then) if any(speech) or turn.preface else Reply()
    gather = Gather(
        action=then.path(**turn.ids),
        input="dtmf speech",
        num_digits=1,
        timeout=seconds,
        speech_timeout="1",  # who says hello waits for an answer
        hints=GREETINGS,
        language=translations.VOICES[translations.language.get()][1],
        barge_in=is_cut_by_words,
    )
    speak(gather, line)
    reply.append(gather)
    reply.redirect(no_input.path(**turn.ids, attempt=turn.attempt + 1))
    return reply


def _fallback(turn: Turn[S]) -> Step[S]:
    fallback = turn.step.flow.fallback_step
    if fallback is None:
        raise LookupError(f"the flow {turn.step.flow.name} has no fallback")
    return fallback
