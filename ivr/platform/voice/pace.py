"""How long words take to say. Pure."""

import math
from typing import Final

#: What the voices take for a word, with the pauses between sentences.
SECONDS_A_WORD: Final = 0.35


def seconds(words: str) -> int:
    """Return the seconds that a voice takes for these words, rounded up."""
    return math.ceil(len(words.split()) * SECONDS_A_WORD)
