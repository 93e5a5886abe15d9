"""Whoever is rung says "hello?" first, or has a telephone that asks who is calling. Neither spends a try.

They hear one sentence that no word cuts off, then have time for a key, with a short line every few seconds.
What counts as the key besides the key: docs/decisions/0020-whoever-is-rung.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar, assert_never

from ivr.callcenter.calls import answers
from ivr.callcenter.calls.answers import Said
from ivr.callcenter.calls.models import Rung
from ivr.platform.voice import Reply, Step, Turn, announce_then_listen, pace
from ivr.platform.voice.speech import Speech

R = TypeVar("R", bound=Rung)

#: Seconds of silence before the next line: with the line itself it is one every eight seconds or so.
EVERY: Final = 5
#: Seconds for words before the first line asks for the key: people answer, and some telephones are still talking.
FOR_WORDS: Final = 2
#: Seconds of silence after a "yes": a person waits in silence, a robot talks in its turn.
A_ROBOTS_TURN: Final = 4
#: What a person says.
SHORT_WORDS: Final = frozenset({Said.ONE, Said.YES, Said.WHO, Said.SHORT})
#: What whoever is rung hears first is said in so many seconds.
SIX_SECONDS: Final = 6


@dataclass(frozen=True)
class Lines:
    """What is said again to whoever was rung. None of it is private: a machine may hear it."""

    #: Who is calling, and why: for a person who asks, and for a telephone that does.
    who: str
    #: The keys, for silence and wrong keys.
    keys: str
    #: The key and the word that counts as the key, for a person who talks.
    aloud: str
    #: For a person who has said yes.
    thanks: str


def first_within_six_seconds(sentences: Sequence[str]) -> str:
    """Return the first sentence that takes six seconds at most, or else the last."""
    return next((one for one in sentences if pace.takes(one) <= SIX_SECONDS), sentences[-1])


def told(
    turn: Turn[R],
    *speech: Speech | None,
    line: str = "",
    then: Step[R],
    no_input: Step[R],
    seconds: int = EVERY,
) -> Reply:
    """Say the speech and then a line, neither cut off by words; then listen, for as long as they have time."""
    left = max(1, min(seconds, answers.seconds_left(turn.subject)))
    return announce_then_listen(
        turn, *speech, line=line, is_cut_by_words=False, seconds=left, then=then, no_input=no_input
    )


def reminded(
    turn: Turn[R], lines: Lines, *, then: Step[R], no_input: Step[R], accepted: Step[R], over: Step[R]
) -> Reply:
    """After silence or a wrong key, say a short line; every other one, from the second on, also says who is calling.

    This answers a telephone that asked while we were speaking and could not hear it. When time is up, go to ``over``.
    """
    if answers.has_said_yes(turn.subject):
        return accepted(turn)
    if not answers.seconds_left(turn.subject):
        return over(turn)
    line = f"{lines.who} {lines.keys}" if turn.attempt % 2 else lines.keys
    return told(turn, line=line, then=then, no_input=no_input)


def heard(
    turn: Turn[R], lines: Lines, *, then: Step[R], no_input: Step[R], accepted: Step[R], over: Step[R]
) -> Reply:
    """After words: answer them, or take them for the key 1 where only a person can have said them."""
    before = turn.subject.heard
    said, counts = answers.hear(turn.subject, turn.speech)
    if counts:
        return accepted(turn)
    if not answers.seconds_left(turn.subject):
        return over(turn)
    if answers.has_said_yes(turn.subject):  # any word in this time is a robot's turn
        return announce_then_listen(
            turn,
            line=lines.thanks,
            is_cut_by_words=True,
            seconds=A_ROBOTS_TURN,
            then=then,
            no_input=no_input,
        )
    if answers.needs_a_key(turn.subject) and said in SHORT_WORDS:
        line = (
            f"{lines.who} {lines.keys}"  # a person has come on behind a menu: they have been told nothing yet
        )
    else:
        line = _answer(said, lines, is_repeated=before == turn.subject.heard)
    return told(turn, line=line, then=then, no_input=no_input)


def _answer(said: Said, lines: Lines, *, is_repeated: bool) -> str:
    """Return what is said next; nothing to a voice that is talking, or fetches its owner."""
    match said:
        case Said.SCREENING:
            return lines.who
        case Said.WHO:
            return f"{lines.who} {lines.aloud}"
        case Said.SHORT:
            return lines.aloud if is_repeated else f"{lines.who} {lines.aloud}"
        case Said.LONG if not is_repeated:
            return f"{lines.who} {lines.keys}"
        case Said.YES | Said.ONE:
            return lines.aloud
        case Said.HOLD | Said.MAILBOX | Said.MACHINE | Said.LONG:
            return ""
    assert_never(said)
