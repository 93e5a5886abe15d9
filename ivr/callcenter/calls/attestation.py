"""What a caller's carrier proves of their number (SHAKEN/STIR, as Twilio reports it in StirVerstat). Pure.

Only full attestation (A) vouches that the caller may use the number. With B the carrier knows the caller and not the
number, with C neither; most calls from older networks have none. All three prove nothing, and are ordinary calls.
"""

from enum import StrEnum
from typing import Final

_VOUCHED: Final = "TN-Validation-Passed-A"
_FAILED: Final = "TN-Validation-Failed"


class Proof(StrEnum):
    VOUCHED = "vouched"
    NONE = "none"
    #: The signature does not hold: the number is most likely forged.
    FAILED = "failed"


def proof(stir_verstat: str | None) -> Proof:
    """Return what StirVerstat proves of the caller's number. Unknown words prove nothing.

    >>> proof("TN-Validation-Passed-A"), proof("TN-Validation-Failed-B"), proof(None)
    (<Proof.VOUCHED: 'vouched'>, <Proof.FAILED: 'failed'>, <Proof.NONE: 'none'>)
    """
    if stir_verstat == _VOUCHED:
        return Proof.VOUCHED
    return Proof.FAILED if (stir_verstat or "").startswith(_FAILED) else Proof.NONE
