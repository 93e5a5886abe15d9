"""How long words take to say. Pure.

The rates are those at which espeak-ng says our prompts, at 175 words a minute and in both languages.
"""

import math
import re
from typing import Final

#: A digit of a number that is read out is a word.
SECONDS_A_WORD: Final = 0.27
#: At a comma, a colon, or the end of a sentence that is not the last.
SECONDS_A_PAUSE: Final = 0.45

_PAUSE: Final = re.compile(r"[,.:;?!](?=\s)")


def takes(words: str) -> float:
    """Return the seconds that a voice takes for these words.

    >>> round(takes("Onsite. 4 1 5, 5 5 5, 2 6 7 1."), 1)
    4.3
    """
    words = words.strip()
    return len(words.split()) * SECONDS_A_WORD + len(_PAUSE.findall(words)) * SECONDS_A_PAUSE


def seconds(words: str) -> int:
    """Return the seconds that a voice takes for these words, rounded up."""
    return math.ceil(takes(words))
