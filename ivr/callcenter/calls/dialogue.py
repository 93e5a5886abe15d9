"""Who has answered a leg that we rang: a person, a voice in their place, or nobody yet. Pure.

A key is pressed by a person and by no machine, so a key always counts. Words count only where a person is certain:
docs/decisions/0020-whoever-is-rung.md.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from ivr.callcenter.calls import answering_phrases
from ivr.platform.voice import words

#: How long a customer who was rung has for a key, from the moment of the answer.
PATIENCE: Final = timedelta(seconds=35)
#: The same at most, while a voice fetches its owner: they come within 30 seconds of being called, or not at all.
LONGEST_PATIENCE: Final = timedelta(seconds=60)
#: What a person who talks to us has at least, so that they hear the answer and can press.
TO_PRESS: Final = timedelta(seconds=10)
#: Words at most that a person says who has just picked up. A recording says more.
SHORT: Final = 5


class Said(StrEnum):
    """What one thing that was said amounts to."""

    ONE = "one"
    YES = "yes"
    #: A person asks in few words who we are.
    WHO = "who"
    #: Any other few words: "hello?".
    SHORT = "short"
    SCREENING = "screening"
    HOLD = "hold"
    MAILBOX = "mailbox"
    #: A menu, or a robot.
    MACHINE = "machine"
    #: More words than most people say who have just picked up: a person or a machine.
    LONG = "long"


class Heard(StrEnum):
    """What a leg has sounded like so far."""

    #: A few words, which anybody may say.
    GREETING = "greeting"
    #: "Yes": it is a person's if they now wait in silence.
    YES = "yes"
    #: A voice asked for our name and reason, or fetches somebody.
    SCREENING = "screening"
    MAILBOX = "mailbox"
    MACHINE = "machine"


#: From here on only a key counts.
MACHINES: Final = frozenset({Heard.MAILBOX, Heard.MACHINE})
#: In the order in which they are looked for: "press one" is half a menu, and not the word one.
_KNOWN: Final = {
    Said.MAILBOX: answering_phrases.MAILBOX,
    Said.SCREENING: answering_phrases.SCREENING,
    Said.HOLD: answering_phrases.HOLD,
    Said.MACHINE: answering_phrases.MACHINE,
}
_WHO: Final = re.compile(
    r"\b(who( is| s|s)? (this|that|it|there|speaking)|who are you|who am i|what( is| s|s)? (this|it)"
    r"|quien (es|habla|eres)|con quien (hablo|estoy)|de parte de quien)\b"
)


def said(text: str) -> Said:
    """Return what these words amount to."""
    plain = _plain(text)
    for known, pattern in _KNOWN.items():
        if pattern.search(plain):
            return known
    if words.spoken_key(text) == "1":
        return Said.ONE if words.spoken_key(text, yes=None) else Said.YES
    is_short = len(plain.split()) <= SHORT or words.is_small_talk(text)
    if is_short and _WHO.search(plain):
        return Said.WHO
    return Said.SHORT if is_short else Said.LONG


def after(before: Heard | None, said: Said) -> Heard | None:
    """Return what a leg has sounded like once this was said on it. A machine stays one, whatever it says next."""
    if said == Said.MAILBOX:
        return Heard.MAILBOX
    if before in MACHINES:
        return before
    match said:
        case Said.MACHINE | Said.LONG:
            return before if before == Heard.SCREENING else Heard.MACHINE  # the same voice goes on
        case Said.SCREENING | Said.HOLD:
            return Heard.SCREENING
        case Said.YES:
            return Heard.YES
        case Said.ONE | Said.WHO | Said.SHORT:
            return Heard.GREETING
    assert_never(said)


def counts_as_key(before: Heard | None, said: Said) -> bool:
    """Return whether these words are a person's "1": "one" is what we ask for, and no machine says it by chance."""
    return said == Said.ONE and before not in MACHINES and before != Heard.SCREENING


def more_patience(until: datetime, said: Said, now: datetime, *, answered: datetime) -> datetime:
    """Return until when to wait, now that this was said.

    A voice that asks who is calling rings its owner only now, so the patience begins anew; and a person who talks to
    us has the time to press. None has more than the longest patience from the answer.
    """
    longest = answered + LONGEST_PATIENCE
    match said:
        case Said.SCREENING | Said.HOLD:
            return max(until, min(now + PATIENCE, longest))
        case Said.ONE | Said.YES | Said.WHO | Said.SHORT:
            return max(until, min(now + TO_PRESS, longest))
        case Said.MAILBOX | Said.MACHINE | Said.LONG:
            return until
    assert_never(said)


def _plain(text: str) -> str:
    """Return the words in small letters, without accents and marks, with one space between them."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(one for one in letters if not unicodedata.combining(one))))
