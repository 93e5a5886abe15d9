"""Text from outside: what people, recognizers and providers send. And the letters of codes that people read. Pure."""

import re
from typing import Final

#: Letters and digits that cannot be mistaken for each other when read out.
CLEAR: Final = "ACDEFGHJKMNPQRTUVWXY34679"
#: What XML 1.0 forbids (Char): a document with one of these is refused whole, and a surrogate cannot even be sent.
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def readable(text: str) -> str:
    r"""Return the text with a space in place of each character that no document may have; otherwise it stays as it is.

    >>> readable("no\x0bdial\x00tone \ufffe<b>&"), readable("\ud800 ñ ☎")
    ('no dial tone  <b>&', '  ñ ☎')
    """
    return _FORBIDDEN.sub(" ", text)
