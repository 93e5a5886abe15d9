"""What a caller's carrier says of their number (SHAKEN/STIR, ATIS-1000074; Twilio passes it on as StirVerstat). Pure.

Only full attestation (A) vouches that the caller may use the number. All others prove nothing, and most of them are
ordinary calls.
"""

import re
from enum import StrEnum
from typing import Final

_TOLD: Final = re.compile(r"TN-Validation-(?:Passed-([ABC])|(Failed))\b", re.ASCII)


class Attestation(StrEnum):
    """What a StirVerstat amounts to."""

    #: The carrier knows the caller, and their right to the number.
    FULL = "A"
    #: The carrier knows the caller, and not whether the number is theirs.
    PARTIAL = "B"
    #: The carrier knows only where the call came in.
    GATEWAY = "C"
    #: The signature does not hold: the number may be forged.
    FAILED = "failed"
    #: The network has looked, and there is no signature.
    NONE = "none"
    #: The network says nothing: nobody has signed the call, or it was not looked at. Most honest calls that cross an
    #: old telephone network arrive so.
    UNTOLD = "untold"


def attestation(stir_verstat: str | None) -> Attestation:
    """Return what a StirVerstat amounts to. An unknown word is none.

    >>> attestation("TN-Validation-Passed-A"), attestation("TN-Validation-Failed-A"), attestation(None)
    (<Attestation.FULL: 'A'>, <Attestation.FAILED: 'failed'>, <Attestation.UNTOLD: 'untold'>)
    """
    if not stir_verstat:
        return Attestation.UNTOLD
    told = _TOLD.match(stir_verstat)
    if told is None:
        return Attestation.NONE
    return Attestation.FAILED if told[2] else Attestation(told[1])
